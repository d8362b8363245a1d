import type { References } from './references.ts';

const NAME = String.raw`(?:'([^'\\\n\r]*)'|"([^"\\\n\r]*)")`;
const STRING = String.raw`(?:'[^'\\\n\r]*'|"[^"\\\n\r]*")`;
/** `.name`, `?.name`, `[0]`, `['name']`, `()`, `(0)`: each begins with its own sign, so this is linear. */
const STEPS = String.raw`(?:\s{0,4}\??\.[A-Za-z_]\w*|\[\d{1,9}\]|\[${STRING}\]|\(\d{0,9}\))*\s*$`;
const VARIABLE = new RegExp(
	String.raw`^\s*\$(?:json|now|today|itemIndex|runIndex|input|binary|execution|workflow)${STEPS}`,
);
const NODE = new RegExp(
	String.raw`^\s*\$(?:\(\s{0,4}${NAME}\s{0,4}\)|node\[\s{0,4}${NAME}\s{0,4}\])${STEPS}`,
);
/** What the editor writes for a parameter that a model fills in: literal texts only. */
const TEXT = String.raw`(?:${STRING}|\x60[^\x60\\$]*\x60)`;
const FROM_AI = new RegExp(
	String.raw`^\s*(?:/\*n8n-auto-generated-fromAI-override\*/)?\s*\$fromAI\(${TEXT}(?:,\s?${TEXT}){0,3}\)\s*$`,
);
/** Texts of a call are longer than chains of names. */
const [LONGEST, LONGEST_CALL] = [300, 4_000];

const NOTHING: References = { nodes: [], variables: [], workflowVariables: [] };
const FROM_MODEL: References = { ...NOTHING, variables: ['$fromAI'] };

/**
 * What an expression refers to that is so simple that it need not be parsed: `$json.a.b`, `$('A node').item.json.x`. They are
 * four of five. Undefined for all others. Variables that every expression may use are left out.
 */
export function plainReferences(text: string): References | undefined {
	if (text.length > LONGEST)
		return text.length < LONGEST_CALL && FROM_AI.test(text) ? FROM_MODEL : undefined;
	if (VARIABLE.test(text)) return NOTHING;
	// Whether it only asks if that node has run needs a closer look.
	if (text.includes('isExecuted')) return undefined;
	const node = NODE.exec(text);
	if (node !== null) {
		const name = node[1] ?? node[2] ?? node[3] ?? node[4] ?? '';
		return { ...NOTHING, nodes: [{ name, isGuarded: false }] };
	}
	return FROM_AI.test(text) ? FROM_MODEL : undefined;
}
