import path from 'node:path';
import { environmentFor, type StackContext } from '../component.ts';
import { pick } from '../config.ts';

/** Enterprise modules that a community licence never opens, and those that call n8n's servers: 1 s and 50 MB less at boot. */
const DISABLED_MODULES = [
	...['mcp-registry', 'instance-ai', 'agents', 'chat-hub', 'quick-connect', 'workflow-builder'],
	...['external-secrets', 'source-control', 'dynamic-credentials', 'sso-oidc', 'sso-saml', 'ldap'],
	...['log-streaming', 'provisioning', 'token-exchange', 'workflow-reviews'],
];

/** A machine that may have no way out, and whose owner was not asked: n8n calls nobody. */
const SILENT = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
	N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_REINSTALL_MISSING_PACKAGES: 'false',
	N8N_DISABLED_MODULES: DISABLED_MODULES.join(','),
};

/** The environment of `n8n start` and of every n8n command line call of this stack. */
export function n8nEnvironment(context: StackContext): Record<string, string> {
	const { layout, wiring, secrets, environment } = context;
	const database = new URL(wiring.databaseUrl('n8n'));
	return environmentFor(context, 'n8n', {
		NODE_COMPILE_CACHE: path.join(layout.dataDir, 'cache', 'n8n'),
		...SILENT,
		GENERIC_TIMEZONE: 'UTC',
		N8N_LOG_LEVEL: 'info',
		// After a crash the editor shows how far an execution came, and the demo can tell each step as it happens.
		EXECUTIONS_DATA_SAVE_ON_PROGRESS: 'true',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
		// A flow's own time limit counts while it sleeps, and an order is under way for weeks. Longer than 24 days no timer
		// of Node.js can run.
		EXECUTIONS_TIMEOUT_MAX: '2000000',
		N8N_METRICS: 'true',
		// What these become with n8n 3; unset it warns of the change at every start.
		N8N_RUNNERS_TASK_TIMEOUT: '60',
		N8N_COMPRESSION_NODE_MAX_DECOMPRESSED_SIZE_BYTES: String(256 * 1024 ** 2),
		N8N_COMPRESSION_NODE_MAX_ZIP_ENTRIES: '1000',
		...pick(environment.all, /^(N8N_|EXECUTIONS_|GENERIC_TIMEZONE$|NODES_)(?!URL$|API_KEY$)/),
		N8N_USER_FOLDER: layout.n8n,
		N8N_ENCRYPTION_KEY: secrets.n8n.encryptionKey,
		N8N_PORT: String(layout.ports.n8n),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_WEBHOOK_URL: `${wiring.n8nUrl}/`,
		N8N_EDITOR_BASE_URL: wiring.n8nUrl,
		N8N_RUNNERS_BROKER_PORT: String(layout.ports.n8nBroker),
		// Plain HTTP on this machine: a secure cookie would never come back.
		N8N_SECURE_COOKIE: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		N8N_BLOCK_ENV_ACCESS_IN_NODE: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.hostname,
		DB_POSTGRESDB_PORT: database.port === '' ? '5432' : database.port,
		DB_POSTGRESDB_USER: decodeURIComponent(database.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(database.password),
		DB_POSTGRESDB_DATABASE: database.pathname.slice(1),
		// Two by default, and an execution that saves its progress needs one while the API reads with another.
		DB_POSTGRESDB_POOL_SIZE: '10',
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: secrets.n8n.ownerEmail,
		N8N_INSTANCE_OWNER_PASSWORD_HASH: secrets.n8n.ownerPasswordHash,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Autopilot',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
	});
}
