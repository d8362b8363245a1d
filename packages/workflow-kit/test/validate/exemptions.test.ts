import { describe, expect, it } from '@jest/globals';
import {
	applyExemptions,
	readExemptions,
	RULES,
	type Finding,
	type Json,
} from '../../src/index.ts';

const finding = (code: string, node?: string): Finding => ({
	...{ code, severity: 'error', message: 'm', advice: 'a', pointer: '' },
	...(node !== undefined && { node }),
});

function lint(exemption: Json, findings: Finding[], today = '2026-01-01') {
	const read = readExemptions({ exemptions: [exemption] }, 'run');
	const applied = applyExemptions([{ file: 'stock.json', findings }], read.exemptions, {
		...{ today, profile: 'run' },
	});
	return {
		kept: (applied.kept[0] ?? []).map(({ code, node }) => `${code} ${node ?? ''}`.trim()),
		told: [...read.findings, ...applied.findings].map(({ code }) => code),
	};
}

const FULL = {
	rule: 'schedule-too-frequent',
	reason: 'The scale sends no events yet.',
	until: '2026-03-31',
};

describe('exemptions', () => {
	it('take away the findings of one rule', () => {
		const all = [finding('schedule-too-frequent', 'Every'), finding('trigger-missing')];
		expect(lint(FULL, all)).toEqual({ kept: ['trigger-missing'], told: [] });
	});

	it('hold for the file and the node that they name', () => {
		const all = [finding('schedule-too-frequent', 'A'), finding('schedule-too-frequent', 'B')];
		expect(lint({ ...FULL, node: 'A' }, all).kept).toEqual(['schedule-too-frequent B']);
		expect(lint({ ...FULL, file: 'other.json' }, all).kept).toHaveLength(2);
	});

	it('hold through their last day, and are an error after it', () => {
		const all = [finding('schedule-too-frequent')];
		expect(lint(FULL, all, '2026-03-31')).toEqual({ kept: [], told: [] });
		expect(lint(FULL, all, '2026-04-01')).toEqual({
			...{ kept: ['schedule-too-frequent'], told: ['exemption-expired'] },
		});
	});

	it('that nothing needs are named, unless their file was not looked at', () => {
		expect(lint(FULL, [])).toEqual({ kept: [], told: ['exemption-unused'] });
		expect(lint({ ...FULL, file: 'other.json' }, []).told).toEqual([]);
	});

	it('need a rule that exists, a reason and a day', () => {
		for (const wrong of [
			{ ...FULL, rule: 'no-such-rule' },
			{ ...FULL, reason: 'later' },
			{ ...FULL, until: 'spring' },
			'all of them',
		])
			expect(lint(wrong, [finding('schedule-too-frequent')])).toEqual({
				...{ kept: ['schedule-too-frequent'], told: ['exemption-wrong'] },
			});
	});

	it('are shown in the rule book as they are', () => {
		const told = (code: 'exemption-wrong' | 'exemption-expired' | 'exemption-unused') => {
			const { file } = RULES[code].bad;
			const list = typeof file === 'object' && file !== null && 'exemptions' in file;
			expect(list).toBe(true);
			const read = readExemptions(file, 'run');
			const { findings } = applyExemptions(
				[{ file: 'stock.json', findings: [] }],
				read.exemptions,
				{
					...{ today: '2026-01-01', profile: 'run' },
				},
			);
			return [...read.findings, ...findings].map((one) => one.code);
		};
		expect(told('exemption-wrong')).toEqual(['exemption-wrong']);
		expect(told('exemption-expired')).toEqual(['exemption-expired']);
		expect(told('exemption-unused')).toEqual(['exemption-unused']);
	});
});
