import {
	createHash,
	createPrivateKey,
	generateKeyPairSync,
	type KeyObject,
	sign as signBytes,
} from 'node:crypto';
import { notFound } from '@autopilot/http';
import type { Database, Queryable, Tx } from '@autopilot/postgres';
import { type Sealer, sealer } from '../licenses/sealing.ts';
import type { PublicKey, SigningKey } from './schema.ts';
import {
	insertSigningKey,
	lockSigningKeys,
	revokeSigningKeyRow,
	selectKidsInUse,
	selectSigningKeys,
	type SigningKeyRow,
} from './store.ts';

/** How long a process may go on with the key that it knows; a coming key is published for longer than that. */
const REMEMBERED_MS = 10_000;

/** Signs with the store's active Ed25519 key. */
export interface Signer {
	kid: string;
	/** @param text  with its domain in front, so that a signature is good for one purpose only */
	sign(text: string): Buffer;
}

export interface SigningKeys {
	/** The key that signs now; the first one is made when there is none. */
	signer(): Promise<Signer>;
	/** Makes a new key. The old one signs until the new one is active, and stays published as long as its files run. */
	rotate(tx: Tx, activeAfterSeconds: number): Promise<SigningKey>;
	/** Withdraws a key at once: files that it has signed are refused by whoever fetches the key set. */
	revoke(tx: Tx, kid: string): Promise<SigningKey>;
	/** The key set for clients: keys that will sign, that sign, and those of files that still run. */
	published(): Promise<PublicKey[]>;
	list(): Promise<SigningKey[]>;
}

/** @param signingSecret  under which private keys are kept; when it changes, a new key is made and the old ones retire */
export function signingKeys(db: Database, signingSecret: string): SigningKeys {
	const box = sealer(signingSecret, 'signing-keys');
	let known: { signer: Signer; until: number } | undefined;

	const make = (tx: Tx, activeAfterSeconds: number) =>
		insertSigningKey(tx, { ...newKey(box), activeAfterSeconds });

	const load = async (): Promise<Signer> => {
		const found = await activeSigner(db, box);
		if (found !== undefined) return found;
		return db.transaction(async (tx) => {
			await lockSigningKeys(tx);
			const other = await activeSigner(tx, box);
			if (other !== undefined) return other;
			await make(tx, 0);
			const made = await activeSigner(tx, box);
			if (made === undefined) throw new Error('The new signing key can not be used.');
			return made;
		});
	};

	const view = async (queryable: Queryable) => {
		const rows = await selectSigningKeys(queryable);
		return viewOf(rows, await selectKidsInUse(queryable), new Date());
	};
	const one = async (tx: Tx, kid: string) => {
		known = undefined;
		const { key } = (await view(tx)).find(({ row }) => row.kid === kid) ?? {};
		if (key === undefined) throw notFound('signing key', kid);
		return key;
	};

	return {
		async signer() {
			if (known === undefined || known.until < Date.now()) {
				known = { signer: await load(), until: Date.now() + REMEMBERED_MS };
			}
			return known.signer;
		},
		async rotate(tx, activeAfterSeconds) {
			await lockSigningKeys(tx);
			return one(tx, (await make(tx, activeAfterSeconds)).kid);
		},
		async revoke(tx, kid) {
			await lockSigningKeys(tx);
			if ((await revokeSigningKeyRow(tx, kid)) === undefined) throw notFound('signing key', kid);
			return one(tx, kid);
		},
		async published() {
			// So that there is one before the first file is.
			await this.signer();
			const keys = await view(db);
			return keys.filter(({ key }) => key.published).map(({ row }) => toPublicKey(row));
		},
		list: async () => (await view(db)).map(({ key }) => key),
	};
}

async function activeSigner(db: Queryable, box: Sealer): Promise<Signer | undefined> {
	const now = new Date();
	for (const row of await selectSigningKeys(db)) {
		if (row.revokedAt !== null || row.activeFrom > now) continue;
		const der = box.open(row.privateKeySealed);
		if (der !== undefined) {
			return signerOf(row.kid, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
		}
	}
	return undefined;
}

function signerOf(kid: string, privateKey: KeyObject): Signer {
	return { kid, sign: (text) => signBytes(null, Buffer.from(text), privateKey) };
}

function newKey(box: Sealer) {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const x = publicKey.export({ format: 'jwk' }).x ?? '';
	const thumbprint = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x });
	return {
		kid: createHash('sha256').update(thumbprint).digest('base64url'),
		publicKey: Buffer.from(x, 'base64url'),
		privateKeySealed: box.seal(privateKey.export({ format: 'der', type: 'pkcs8' })),
	};
}

function viewOf(rows: SigningKeyRow[], inUse: string[], now: Date) {
	const active = rows.find(({ revokedAt, activeFrom }) => revokedAt === null && activeFrom <= now);
	return rows.map((row) => {
		const state = stateOf(row, active, now);
		const key: SigningKey = {
			kid: row.kid,
			state,
			published: state === 'retired' ? inUse.includes(row.kid) : state !== 'revoked',
			createdAt: row.createdAt.toISOString(),
			activeFrom: row.activeFrom.toISOString(),
			revokedAt: row.revokedAt?.toISOString() ?? null,
		};
		return { row, key };
	});
}

function stateOf(row: SigningKeyRow, active: SigningKeyRow | undefined, now: Date) {
	if (row.revokedAt !== null) return 'revoked';
	if (row.activeFrom > now) return 'coming';
	return row === active ? 'active' : 'retired';
}

function toPublicKey({ kid, publicKey }: SigningKeyRow): PublicKey {
	const x = publicKey.toString('base64url');
	return { kty: 'OKP', crv: 'Ed25519', kid, x, use: 'sig', alg: 'EdDSA' };
}
