import type { Workflow } from '../model/model.ts';
import { layOut } from './geometry.ts';
import type { PlacedNode } from './layout.ts';
import { cleanLine } from './text.ts';

const MAX_LABEL = 80;

/** The graph as Mermaid text, for places that show no SVG: `flowchart LR`. */
export function drawMermaid(workflow: Workflow): string {
	const { nodes, edges } = layOut(workflow);
	const ids = new Map<string, string>();
	const labels = new Map<string, string>();
	const lines = ['flowchart LR'];
	nodes.forEach((placed, index) => {
		const id = `n${index + 1}`;
		if (!ids.has(placed.node.name)) {
			ids.set(placed.node.name, id);
			for (const port of placed.outputs)
				if (port.type === 'main') labels.set(`${id} ${port.index}`, label(port.label));
		}
		lines.push(`    ${id}${shape(placed)}`);
	});
	for (const { edge } of edges) {
		const from = ids.get(edge.source);
		const to = ids.get(edge.target);
		if (from === undefined || to === undefined) continue;
		if (edge.sourceType !== 'main') {
			lines.push(`    ${from} -. "${label(edge.sourceType.replace(/^ai_/, ''))}" .-> ${to}`);
			continue;
		}
		const text = labels.get(`${from} ${edge.sourceIndex}`) ?? '';
		lines.push(text === '' ? `    ${from} --> ${to}` : `    ${from} -- "${text}" --> ${to}`);
	}
	const disabled = nodes.flatMap(({ node }, index) => (node.disabled ? [`n${index + 1}`] : []));
	if (disabled.length > 0) {
		lines.push('    classDef disabled stroke-dasharray: 4 4,color:#999');
		lines.push(`    class ${disabled.join(',')} disabled`);
	}
	return `${lines.join('\n')}\n`;
}

function shape({ node, trigger, configuration, inputs, outputs }: PlacedNode): string {
	const text = `"${label(node.name) || 'unnamed'}"`;
	if (trigger) return `([${text}])`;
	if (configuration) return `((${text}))`;
	const branches = outputs.filter(({ type }) => type === 'main').length > 1;
	return branches && inputs.length > 0 ? `{${text}}` : `[${text}]`;
}

/** Mermaid reads quotes, backticks, # and < inside labels; they become its entities. */
function label(text: string): string {
	return cleanLine(text, MAX_LABEL).replace(
		/["#&<>`;\\[\]{}()|]/g,
		(one) => `#${one.charCodeAt(0)};`,
	);
}
