/** A token that gives itself away by how it begins. */
export interface TokenRule {
	/** `secret-<kind>` is the code of the finding. */
	kind: string;
	title: string;
	/** Literal beginnings. */
	starts: readonly string[];
	/** What follows; bounded, matched only there, without nested or adjacent open repeats. */
	rest: RegExp;
	/** Test keys and public keys are named, but do not stop anything. */
	severity?: 'warning';
}

const rule = (kind: string, title: string, starts: string, rest: RegExp): TokenRule => ({
	...{ kind, title, rest },
	starts: starts.split(' '),
});

// Beginnings and lengths as the providers document them and as gitleaks (MIT) collects them.
export const TOKEN_RULES: readonly TokenRule[] = [
	rule('github', 'GitHub token', 'ghp_ gho_ ghu_ ghs_ ghr_', /[A-Za-z0-9]{30,255}/y),
	rule('github', 'GitHub token', 'github_pat_', /[A-Za-z0-9_]{36,255}/y),
	rule('gitlab', 'GitLab token', 'glpat- gldt- glrt- glptt- glcbt- glsoat-', /[\w.-]{20,120}/y),
	rule('aws', 'AWS access key', 'AKIA ASIA ABIA ACCA', /[A-Z0-9]{16}(?![A-Za-z0-9])/y),
	rule('google', 'Google API key', 'AIza', /[\w-]{35}(?![\w-])/y),
	rule('google-oauth', 'Google OAuth secret', 'GOCSPX-', /[\w-]{24,40}/y),
	rule('google-oauth', 'Google OAuth token', 'ya29. 1//0', /[\w.-]{30,1024}/y),
	rule(
		'slack',
		'Slack token',
		'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxo- xapp-',
		/[\w.-]{20,250}/y,
	),
	rule(
		'slack',
		'Slack webhook',
		'hooks.slack.com/services/ hooks.slack.com/workflows/',
		/T\w{6,14}\/\w{6,14}\/\w{16,40}/y,
	),
	rule('stripe', 'Stripe live key', 'sk_live_ rk_live_', /[A-Za-z0-9]{16,250}/y),
	{
		...rule('stripe-test', 'Stripe test key', 'sk_test_ rk_test_', /[A-Za-z0-9]{16,250}/y),
		severity: 'warning',
	},
	rule('webhook-secret', 'webhook signing secret', 'whsec_', /[A-Za-z0-9+/=]{24,120}/y),
	rule('anthropic', 'Anthropic key', 'sk-ant-', /[\w-]{24,200}/y),
	rule('openrouter', 'OpenRouter key', 'sk-or-v1-', /[0-9a-f]{40,64}/y),
	rule('openai', 'OpenAI key', 'sk-proj- sk-svcacct- sk-admin- sk-None-', /[\w-]{24,250}/y),
	rule('openai', 'OpenAI key', 'sk-', /[A-Za-z0-9]{30,100}(?![\w-])/y),
	rule('sendgrid', 'SendGrid key', 'SG.', /[\w-]{16,32}\.[\w-]{16,64}/y),
	rule('twilio', 'Twilio key', 'SK', /[0-9a-f]{32}(?![A-Za-z0-9])/y),
	rule('airtable', 'Airtable token', 'pat', /[A-Za-z0-9]{14}\.[0-9a-f]{64}/y),
	rule(
		'hubspot',
		'HubSpot token',
		'pat-na1- pat-na2- pat-eu1- pat-ap1-',
		/[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{24,40}/y,
	),
	rule('perplexity', 'Perplexity key', 'pplx-', /[A-Za-z0-9]{32,64}/y),
	rule('brevo', 'Brevo key', 'xkeysib- xsmtpsib-', /[0-9a-f]{48,64}-[A-Za-z0-9]{12,20}/y),
	rule('resend', 'Resend key', 're_', /[A-Za-z0-9]{6,12}_[A-Za-z0-9]{18,40}(?!\w)/y),
	rule('mailgun', 'Mailgun key', 'key-', /[0-9a-f]{32}(?![A-Za-z0-9])/y),
	rule('npm', 'npm token', 'npm_', /[A-Za-z0-9]{36}(?![A-Za-z0-9])/y),
	rule('notion', 'Notion token', 'secret_ ntn_', /[A-Za-z0-9]{40,60}(?!\w)/y),
	rule('shopify', 'Shopify token', 'shpat_ shpca_ shppa_ shpss_ shptka_', /[0-9A-Fa-f]{32}/y),
	rule(
		'discord',
		'Discord webhook',
		'discord.com/api/webhooks/ discordapp.com/api/webhooks/',
		/\d{16,20}\/[\w-]{50,90}/y,
	),
	rule('huggingface', 'Hugging Face token', 'hf_', /[A-Za-z0-9]{30,40}(?!\w)/y),
	rule('groq', 'Groq key', 'gsk_', /[A-Za-z0-9]{40,60}/y),
	rule('replicate', 'Replicate token', 'r8_', /[A-Za-z0-9]{37}(?!\w)/y),
	rule('xai', 'xAI key', 'xai-', /[A-Za-z0-9]{60,100}/y),
	rule('linear', 'Linear key', 'lin_api_ lin_oauth_', /[A-Za-z0-9]{32,64}/y),
	rule('figma', 'Figma token', 'figd_ figo_', /[\w-]{36,60}/y),
	rule('digitalocean', 'DigitalOcean token', 'dop_v1_ doo_v1_ dor_v1_', /[0-9a-f]{64}/y),
	rule('doppler', 'Doppler token', 'dp.pt. dp.st. dp.sa.', /[A-Za-z0-9._-]{40,64}/y),
	rule('atlassian', 'Atlassian token', 'ATATT3 ATCTT3', /[\w=-]{60,250}/y),
	rule('postman', 'Postman key', 'PMAK-', /[0-9a-f]{24}-[0-9a-f]{34}/y),
	rule('new-relic', 'New Relic key', 'NRAK-', /[A-Z0-9]{27}/y),
	rule('square', 'Square token', 'sq0atp- sq0csp- EAAAE', /[\w-]{22,64}/y),
	rule(
		'facebook',
		'Facebook token',
		'EAAG EAAC EAAB EAAI EAAJ EAAD EAAK EAAL EAAM EAAN EAAO EAAP EAAQ EAAR EAAS EAAT',
		/[A-Za-z0-9]{90,400}/y,
	),
	rule('supabase', 'Supabase key', 'sbp_ sb_secret_', /[\w-]{28,64}/y),
	rule('clickup', 'ClickUp token', 'pk_', /\d{5,10}_[A-Z0-9]{24,40}(?!\w)/y),
	rule('pinecone', 'Pinecone key', 'pcsk_', /[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,80}/y),
	rule('tavily', 'Tavily key', 'tvly-', /[A-Za-z0-9-]{20,64}/y),
	rule('firecrawl', 'Firecrawl key', 'fc-', /[0-9a-f]{32}(?![A-Za-z0-9])/y),
	rule('apify', 'Apify token', 'apify_api_', /[A-Za-z0-9]{30,50}/y),
	rule('elevenlabs', 'ElevenLabs key', 'sk_', /[0-9a-f]{48}(?![A-Za-z0-9])/y),
	rule('langsmith', 'LangSmith key', 'lsv2_pt_ lsv2_sk_', /[0-9a-f]{32}_[0-9a-f]{10}/y),
	rule('typeform', 'Typeform token', 'tfp_', /[\w.-]{40,64}/y),
	rule('sentry', 'Sentry token', 'sntrys_ sntryu_', /[\w+/=]{40,200}/y),
	rule('databricks', 'Databricks token', 'dapi', /[0-9a-f]{32}(?![A-Za-z0-9])/y),
	rule('vault', 'Vault token', 'hvs. hvb.', /[\w-]{90,300}/y),
	rule('grafana', 'Grafana token', 'glsa_ glc_', /[A-Za-z0-9_+/=]{32,200}/y),
	rule('docker', 'Docker token', 'dckr_pat_ dckr_oat_', /[\w-]{27,40}/y),
	rule('pypi', 'PyPI token', 'pypi-AgE', /[\w-]{50,250}/y),
	rule('rubygems', 'RubyGems key', 'rubygems_', /[0-9a-f]{48}/y),
	rule('planetscale', 'PlanetScale token', 'pscale_tkn_ pscale_pw_', /[\w.=-]{32,64}/y),
	rule('mapbox', 'Mapbox token', 'sk.eyJ', /[\w-]{40,120}\.[\w-]{20,40}/y),
	rule(
		'make',
		'Make webhook',
		'hook.eu1.make.com/ hook.eu2.make.com/ hook.us1.make.com/ hook.us2.make.com/',
		/[a-z0-9]{28,40}(?![A-Za-z0-9])/y,
	),
	rule('contentful', 'Contentful token', 'CFPAT-', /[\w-]{40,60}/y),
];
