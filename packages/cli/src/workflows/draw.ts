import {
	drawMermaid,
	drawSvg,
	parse,
	type ThemeName,
	type Workflow,
} from '@autopilot/workflow-kit';
import { Option, type Command } from 'commander';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../exit.ts';
import { wholeNumber } from '../options.ts';
import { colour, print, printError } from '../terminal/print.ts';
import { galleryOf } from './gallery.ts';
import { readDocuments } from './inputs.ts';
import { showPage } from './picture-page.ts';

type PictureFormat = 'svg' | 'png' | 'mermaid';

interface DrawOptions {
	format?: PictureFormat;
	theme: ThemeName;
	width: number;
	out?: string;
	open?: true;
	gallery?: true;
	check?: true;
}

/** A workflow and the name of its file, without folder and ending. */
export interface NamedWorkflow {
	name: string;
	workflow: Workflow;
}

const ENDINGS: Readonly<Record<PictureFormat, string>> = {
	svg: '.svg',
	png: '.png',
	mermaid: '.mmd',
};

export function registerDraw(workflows: Command): void {
	workflows
		.command('draw')
		.summary('pictures as the editor shows them')
		.description(
			'Draws workflows: SVG, PNG or Mermaid. One goes to stdout or --out FILE, several go into --out FOLDER. --gallery writes README.md and pictures/ into the folder of the workflows.',
		)
		.argument('[paths...]', 'files, folders, Git revisions', ['workflows'])
		.addOption(
			new Option('--format <format>', 'default: svg, or what --out ends with').choices([
				'svg',
				'png',
				'mermaid',
			]),
		)
		.addOption(new Option('--theme <theme>').choices(['light', 'dark']).default('light'))
		.addOption(new Option('--width <pixels>', 'of a PNG').argParser(wholeNumber).default(1200))
		.option('--out <path>', 'a file, or a folder for several')
		.option('--open', 'show them on a page in the browser')
		.option('--gallery', 'write README.md and pictures/ beside the workflows')
		.option('--check', 'with --gallery: write nothing, end with 1 where it is out of date')
		.action(async (paths: string[], options: DrawOptions) => {
			if (options.gallery === true) {
				await writeGallery(paths, options.check === true);
				return;
			}
			const found = await readWorkflows(paths);
			if (options.open === true) await showPage(found);
			else await writePictures(found, options);
		});
}

async function readWorkflows(paths: string[]): Promise<NamedWorkflow[]> {
	const found: NamedWorkflow[] = [];
	for (const document of await readDocuments(paths)) {
		const parsed = parse(document.bytes);
		if (parsed.workflows.length === 0)
			printError(
				`${colour('yellow', '!')} ${document.path}: ${parsed.findings[0]?.message ?? 'no workflow'}`,
			);
		const base = path.posix.basename(document.path.split(path.sep).join('/'), '.json');
		parsed.workflows.forEach((workflow, index) => {
			found.push({ name: index === 0 ? base : `${base}-${index + 1}`, workflow });
		});
	}
	if (found.length === 0)
		throw new CommandError('There is no workflow to draw.', {
			advice: 'autopilot workflows lint says what is wrong with a file.',
			exitCode: 2,
		});
	return found;
}

async function writePictures(found: NamedWorkflow[], options: DrawOptions): Promise<void> {
	const format = formatOf(options);
	const { out } = options;
	const [only] = found;
	if (found.length === 1 && only !== undefined && (out === undefined || path.extname(out) !== '')) {
		const picture = await pictureOf(only.workflow, format, options);
		if (out !== undefined) await writeFile(out, picture);
		else process.stdout.write(picture);
		return;
	}
	if (out === undefined)
		throw new CommandError(`${found.length} pictures do not fit on stdout.`, {
			advice: '--out FOLDER, or --open for a page',
			exitCode: 2,
		});
	await mkdir(out, { recursive: true });
	const taken = new Set<string>();
	for (const { name, workflow } of found) {
		let free = name;
		for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
		taken.add(free);
		const file = path.join(out, `${free}${ENDINGS[format]}`);
		await writeFile(file, await pictureOf(workflow, format, options));
		print(`${colour('green', '✔')} ${file}`);
	}
}

function formatOf({ format, out }: DrawOptions): PictureFormat {
	if (format !== undefined) return format;
	const ending = path.extname(out ?? '');
	return ending === '.png' ? 'png' : ending === '.mmd' ? 'mermaid' : 'svg';
}

async function pictureOf(
	workflow: Workflow,
	format: PictureFormat,
	{ theme, width }: DrawOptions,
): Promise<string | Uint8Array> {
	if (format === 'mermaid') return drawMermaid(workflow);
	const svg = drawSvg(workflow, { theme });
	if (format === 'svg') return svg;
	// Loads a native library; only pictures in pixels need it.
	const { svgToPng } = await import('@autopilot/workflow-kit/png');
	return svgToPng(svg, { width });
}

async function writeGallery(paths: string[], checkOnly: boolean): Promise<void> {
	const [folder] = paths;
	if (folder === undefined || paths.length > 1)
		throw new CommandError('A gallery is of one folder.', {
			advice: 'draw --gallery workflows',
			exitCode: 2,
		});
	const files = galleryOf(await readWorkflows([folder]));
	let stale = 0;
	for (const [name, content] of files) {
		const file = path.join(folder, name);
		const present = await readFile(file, 'utf8').catch(() => undefined);
		if (present === content) continue;
		stale++;
		if (checkOnly) {
			print(`${colour('yellow', '!')} ${file} is out of date`);
			continue;
		}
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, content);
		print(`${colour('green', '✔')} ${file}`);
	}
	if (stale === 0) printError(colour('dim', 'the gallery is up to date'));
	else if (checkOnly) {
		printError(colour('dim', `autopilot workflows draw --gallery ${folder} writes it`));
		process.exitCode = 1;
	}
}
