/** A file in an archive; a folder has no content. */
export interface TarEntry {
	path: string;
	content: Uint8Array | undefined;
}

export interface ArchiveLimits {
	/** Of the archive after gunzip. */
	maxBytes: number;
	maxEntryBytes: number;
	maxEntries: number;
	maxPathLength: number;
}

/** As n8n's import, which takes 300 MiB in all; 64 are enough for 5,000 workflows. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
	maxBytes: 64 * 1024 * 1024,
	maxEntryBytes: 5 * 1024 * 1024,
	maxEntries: 5_000,
	maxPathLength: 1_024,
};

/** What is wrong with an archive. */
export class ArchiveError extends Error {
	override name = 'ArchiveError';
}

const BLOCK = 512;

/** A ustar archive: no owner, no time, so the same entries make the same bytes. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
	const blocks: Uint8Array[] = [];
	for (const { path, content } of entries) {
		const full = content === undefined ? `${path}/` : path;
		const type = content === undefined ? '5' : '0';
		const short = splitPath(full);
		if (short === undefined) {
			const record = Buffer.from(paxRecord(full));
			blocks.push(header(['', 'PaxHeader'], 'x', record.length), record, padding(record.length));
		}
		blocks.push(header(short ?? ['', full.slice(0, 100)], type, content?.length ?? 0));
		if (content === undefined) continue;
		blocks.push(content, padding(content.length));
	}
	return Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]);
}

function padding(length: number): Uint8Array {
	return new Uint8Array((BLOCK - (length % BLOCK)) % BLOCK);
}

function header(
	[prefix, name]: [prefix: string, name: string],
	type: string,
	size: number,
): Uint8Array {
	const block = Buffer.alloc(BLOCK);
	block.write(name, 0, 'utf8');
	block.write(type === '5' ? '000755 \0' : '000644 \0', 100);
	block.write('000000 \0'.repeat(2), 108);
	block.write(`${size.toString(8).padStart(11, '0')} `, 124);
	block.write('00000000000 ', 136);
	block.write('        ', 148);
	block.write(type, 156);
	block.write('ustar\x0000', 257);
	block.write(prefix, 345, 'utf8');
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	return block;
}

/** `<length> path=<value>\n`, where the length counts its own digits. */
function paxRecord(path: string): string {
	const rest = ` path=${path}\n`;
	const size = Buffer.byteLength(rest);
	const digits = String(size + String(size).length).length;
	return `${size + digits}${rest}`;
}

/** Undefined where the header has no room for it: folders in folders make long paths. */
function splitPath(path: string): [prefix: string, name: string] | undefined {
	if (Buffer.byteLength(path) <= 100) return ['', path];
	for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
		const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
		if (name !== '' && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155)
			return [prefix, name];
	}
	return undefined;
}

/**
 * The entries of a tar archive: files and folders only, with relative paths of plain characters, each
 * path once.
 * @throws ArchiveError for anything else
 */
export function readTar(archive: Uint8Array, limits: ArchiveLimits): Map<string, Uint8Array> {
	const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
	const files = new Map<string, Uint8Array>();
	const seen = new Set<string>();
	let longPath: string | undefined;
	for (let at = 0, count = 0; at + BLOCK <= bytes.length;) {
		const block = bytes.subarray(at, at + BLOCK);
		if (block.every((byte) => byte === 0)) return files;
		checkSum(block);
		const size = octal(block, 124, 12);
		if (size > limits.maxEntryBytes) throw new ArchiveError(`An entry has ${size} bytes.`);
		if (++count > limits.maxEntries) throw new ArchiveError('There are too many entries.');
		const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
		if (content.length < size) throw new ArchiveError('The archive ends inside an entry.');
		at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;

		const type = String.fromCharCode(block[156] ?? 0);
		if (type === 'g') continue;
		if (type === 'x') {
			longPath = paxPath(content.toString('utf8'));
			continue;
		}
		const path = checkPath(longPath ?? pathOf(block), limits);
		longPath = undefined;
		if (!'0\u00005'.includes(type)) throw new ArchiveError(`${path} is neither file nor folder.`);
		if (seen.has(path)) throw new ArchiveError(`${path} is there twice.`);
		seen.add(path);
		if (type !== '5') files.set(path, content);
	}
	return files;
}

function checkSum(block: Buffer): void {
	let sum = 0;
	for (let index = 0; index < BLOCK; index++)
		sum += index >= 148 && index < 156 ? 32 : (block[index] ?? 0);
	if (sum !== octal(block, 148, 8)) throw new ArchiveError('A header is damaged.');
}

function octal(block: Buffer, start: number, length: number): number {
	const text = textAt(block, start, length).trim();
	if (!/^[0-7]{1,12}$/.test(text)) throw new ArchiveError('A header is damaged.');
	return Number.parseInt(text, 8);
}

function pathOf(block: Buffer): string {
	const prefix = textAt(block, 257, 5) === 'ustar' ? textAt(block, 345, 155) : '';
	const name = textAt(block, 0, 100);
	return prefix === '' ? name : `${prefix}/${name}`;
}

function textAt(block: Buffer, start: number, length: number): string {
	const part = block.subarray(start, start + length);
	const end = part.indexOf(0);
	return part.subarray(0, end === -1 ? length : end).toString('utf8');
}

/** `<length> path=<value>\n` */
function paxPath(records: string): string | undefined {
	const line = records.split('\n').find((record) => /^\d{1,10} path=/.test(record));
	return line?.slice(line.indexOf('=') + 1);
}

function checkPath(raw: string, limits: ArchiveLimits): string {
	const path = raw.endsWith('/') ? raw.slice(0, -1) : raw;
	const shown = path.slice(0, 80);
	if (path === '' || path.length > limits.maxPathLength)
		throw new ArchiveError('A path is empty or too long.');
	if (!/^[\w./-]+$/.test(path) || path.startsWith('/'))
		throw new ArchiveError(`The path ${JSON.stringify(shown)} is not a plain relative one.`);
	if (path.split('/').some((part) => part === '..' || part === '.' || part === ''))
		throw new ArchiveError(`The path ${JSON.stringify(shown)} leaves the package.`);
	return path;
}
