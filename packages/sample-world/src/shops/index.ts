import { brightly } from './brightly.ts';
import { lampCellar } from './lamp-cellar.ts';
import { lichtwerk } from './lichtwerk.ts';
import { maisonLente } from './maison-lente.ts';
import { nordhem } from './nordhem.ts';
import { privateReserve } from './private-reserve.ts';
import type { Shop } from './shop.ts';
import { voltaic } from './voltaic.ts';

/** All competitors of the sample product, the easy ones first. */
export const SHOPS: readonly Shop[] = [
	nordhem,
	lichtwerk,
	brightly,
	voltaic,
	maisonLente,
	lampCellar,
	privateReserve,
];

/** Folders that /robots.txt closes to robots. */
export const CLOSED_TO_ROBOTS: readonly Shop[] = [privateReserve];
