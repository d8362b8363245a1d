import type { FastifyInstance } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { validatorCompiler as zodValidatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type UnknownNames, unknownNamesOf } from './unknown-names.ts';

const PARTS = ['body', 'querystring'];

/**
 * Checks requests against their zod contracts. A body or a query that names what the contract does not know is refused,
 * for it is a misspelling more often than not, and `?staus=paid` would list everything. Links that are public are let
 * be: whoever passes one on may hang a parameter of theirs to it.
 */
export function registerValidator(app: FastifyInstance): void {
	const open = new Set<string>();
	app.addHook('onRoute', ({ url, config }) => {
		if (config?.public === true) open.add(url);
	});
	app.setValidatorCompiler<z.ZodType>((route) => {
		const byZod = zodValidatorCompiler(route);
		const { schema, httpPart = '', url = '' } = route;
		if (!PARTS.includes(httpPart) || !(schema instanceof z.ZodType) || open.has(url)) return byZod;
		let unknownIn: UnknownNames | undefined;
		return (data: unknown) => {
			unknownIn ??= unknownNamesOf(schema);
			const unknown = unknownIn(data).map(({ pointer, known }) => ({
				...{ keyword: 'additionalProperties', instancePath: pointer, schemaPath: '', params: {} },
				message: `is unknown here; known: ${known.join(', ') || 'nothing'}`,
			}));
			const result = byZod(data);
			if (unknown.length === 0) return result;
			return { error: [...faultsOf(result), ...unknown] };
		};
	});
}

function faultsOf(result: unknown): FastifySchemaValidationError[] {
	if (typeof result !== 'object' || result === null || !('error' in result)) return [];
	return Array.isArray(result.error) ? result.error : [];
}
