import { Transform } from 'node:stream';
import type { Logger } from '@autopilot/http';
import type { Database } from '@autopilot/postgres';
import type { Storage } from '@autopilot/storage';
import type { FastifyReply } from 'fastify';
import { type Cause, tell } from '../licenses/settle.ts';
import { findLicense } from '../licenses/store.ts';
import { recordServed, type ServedRow } from './store.ts';

/** Notes how many bytes of each download have left the house. */
export interface Transfers {
	/** A storage that counts what is read of it for this answer, and notes it when the connection is done. */
	counted(storage: Storage, row: ServedRow, reply: FastifyReply, cause: Cause): Storage;
	/** Waits for what is still to be noted. */
	close(): Promise<void>;
}

export function transfers(db: Database, logger: Logger): Transfers {
	const pending = new Set<Promise<void>>();
	return {
		counted(storage, row, reply, cause) {
			return {
				...storage,
				async read(key, range) {
					let bytes = 0;
					const meter = new Transform({
						transform(chunk: Buffer, _encoding, done) {
							bytes += chunk.length;
							done(null, chunk);
						},
					});
					reply.raw.once('close', () => {
						const ended = reply.raw.writableFinished;
						const noted = note(db, row, { bytes, ended }, cause)
							.catch((error: unknown) => logger.error({ err: error }, 'a download was not noted'))
							.finally(() => pending.delete(noted));
						pending.add(noted);
					});
					const source = await storage.read(key, range);
					source.once('error', (error) => meter.destroy(error));
					meter.once('close', () => source.destroy());
					return source.pipe(meter);
				},
			};
		},
		async close() {
			await Promise.all(pending);
		},
	};
}

async function note(
	db: Database,
	row: ServedRow,
	served: { bytes: number; ended: boolean },
	cause: Cause,
): Promise<void> {
	await db.transaction(async (tx) => {
		if (!(await recordServed(tx, row.id, served))) return;
		const license = await findLicense(tx, row.licenseId);
		if (license === undefined) return;
		const { id, fileName, size } = row;
		await tell(tx, license, 'download.completed', cause, { download: { id, fileName, size } });
	});
}
