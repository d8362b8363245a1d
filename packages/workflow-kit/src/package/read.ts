import { gunzipSync } from 'node:zlib';
import type { Finding } from '../findings/finding.ts';
import { isObject, own, ownString, type JsonObject } from '../model/json.ts';
import type { Workflow } from '../model/model.ts';
import { parse } from '../model/parse.ts';
import { ARCHIVE_LIMITS, ArchiveError, readTar, type ArchiveLimits } from './tar.ts';

export interface ReadPackage {
	/** Undefined when it is no package. */
	manifest: JsonObject | undefined;
	/** In the order of the manifest, each with its path in the archive. */
	workflows: { path: string; workflow: Workflow }[];
	/** All files, by path. */
	files: Map<string, Uint8Array>;
	/** `pointer` points into the file that the message names. */
	findings: Finding[];
}

/** Reads a `.n8np` package. Never throws; a hostile archive ends in a finding before it costs anything. */
export function readPackage(bytes: Uint8Array, options: Partial<ArchiveLimits> = {}): ReadPackage {
	const limits = { ...ARCHIVE_LIMITS, ...options };
	const result: ReadPackage = {
		manifest: undefined,
		workflows: [],
		files: new Map(),
		findings: [],
	};
	try {
		result.files = readTar(unzip(bytes, limits), limits);
		const [first] = result.files.keys();
		if (first !== 'manifest.json') throw new ArchiveError('The first file is not manifest.json.');
		result.manifest = readManifest(result.files.get('manifest.json'));
	} catch (error) {
		if (!(error instanceof ArchiveError)) throw error;
		result.findings.push(problem('package-unreadable', error.message));
		result.files = new Map();
		return result;
	}
	for (const path of workflowPaths(result.manifest, limits)) {
		const file = result.files.get(path);
		if (file === undefined) {
			result.findings.push(
				problem('package-file-missing', `The manifest names ${path}, which is not there.`),
			);
			continue;
		}
		const { workflows, findings } = parse(file);
		for (const finding of findings)
			result.findings.push({ ...finding, message: `${path}: ${finding.message}` });
		for (const workflow of workflows) result.workflows.push({ path, workflow });
	}
	return result;
}

function unzip(bytes: Uint8Array, { maxBytes }: ArchiveLimits): Uint8Array {
	try {
		return gunzipSync(bytes, { maxOutputLength: maxBytes });
	} catch (cause) {
		const tooLarge = isObject(cause) && cause['code'] === 'ERR_BUFFER_TOO_LARGE';
		throw new ArchiveError(
			tooLarge ? `More than ${maxBytes} bytes unpacked.` : 'It is no gzip archive.',
			{
				cause,
			},
		);
	}
}

function readManifest(bytes: Uint8Array | undefined): JsonObject {
	const { document } = parse(bytes ?? '');
	if (document === undefined || !isObject(document))
		throw new ArchiveError('manifest.json is no JSON object.');
	const version = own(document, 'packageFormatVersion');
	if (version !== '1')
		throw new ArchiveError(`The format ${JSON.stringify(version)} is not known; 1 is.`);
	return document;
}

function workflowPaths(manifest: JsonObject, { maxEntries }: ArchiveLimits): string[] {
	const entries = own(manifest, 'workflows');
	if (!Array.isArray(entries)) return [];
	const paths = entries.flatMap((entry) => {
		const target = isObject(entry) ? ownString(entry, 'target') : undefined;
		return target === undefined ? [] : [`${target}/workflow.json`];
	});
	return [...new Set(paths)].slice(0, maxEntries);
}

function problem(code: 'package-unreadable' | 'package-file-missing', message: string): Finding {
	const advice = 'Export the package again.';
	return { code, severity: 'error', message, advice, pointer: '' };
}
