import type { Coverage } from './coverage/coverage.ts';
import type { TestReport } from './run-tests.ts';

export type Paint = (colour: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string) => string;

/** What ran, what failed and why, and what no case has touched. */
export function reportText(report: TestReport, paint: Paint): string {
	const files = report.files.flatMap(({ path, workflow, cases, problems }) => [
		paint('bold', workflow === '' ? path : workflow),
		...problems.map((problem) => `  ${paint('red', '✗')} ${problem}`),
		...cases.flatMap(({ name, problems: told, tookMs }) => [
			`  ${told.length === 0 ? paint('green', '✔') : paint('red', '✗')} ${name} ${paint('dim', `${tookMs.toFixed(0)} ms`)}`,
			...told.map((problem) => `      ${problem}`),
		]),
	]);
	const { passed, failed } = report;
	return [
		...files,
		'',
		...report.coverage.flatMap((one) => coverageLines(one, paint)),
		'',
		`${passed} passed, ${failed} failed${timesOf(report)}`,
	].join('\n');
}

function coverageLines(
	{ workflow, nodes, branches, nodePercent, branchPercent }: Coverage,
	paint: Paint,
): string[] {
	const all = nodePercent === 100 && branchPercent === 100;
	const untouched = [
		...nodes.filter(({ runs }) => runs === 0).map(({ node }) => `node "${node}"`),
		...branches.filter(({ taken }) => taken === 0).map(({ node, branch }) => `"${node}" ${branch}`),
	];
	const line = `nodes ${String(nodePercent).padStart(3)} %  branches ${String(branchPercent).padStart(3)} %  ${workflow}`;
	return [
		all ? paint('green', line) : paint('yellow', line),
		...untouched.map((what) => `    not touched: ${what}`),
	];
}

function timesOf({ files }: TestReport): string {
	const times = files
		.flatMap(({ cases }) => cases.map(({ tookMs }) => tookMs))
		.sort((a, b) => a - b);
	if (times.length === 0) return '';
	const at = (share: number) =>
		(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(0);
	return `; a run takes ${at(0.5)} ms (p50), ${at(0.95)} ms (p95)`;
}
