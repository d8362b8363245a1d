// The limit: Fastify and pg with prepared statements, and per route the least that any store would have to ask.
import { createHash } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = Fastify({ logger: false });
const slug = process.env.SLUG;

app.get('/list', async (_request, reply) => {
	const { rows } = await pool.query({
		name: 'list',
		text: `SELECT p.slug, p.title, p.description, v.price_amount, v.stock
			FROM (SELECT * FROM products ORDER BY created_at DESC, id DESC LIMIT 20) p
			JOIN variants v ON v.product_id = p.id`,
	});
	return reply.send(rows);
});
app.get('/detail', async (_request, reply) => {
	const { rows } = await pool.query({
		name: 'detail',
		text: `SELECT p.slug, p.title, p.description, v.price_amount, v.stock
			FROM products p JOIN variants v ON v.product_id = p.id WHERE p.slug = $1`,
		values: [slug],
	});
	return reply.send(rows[0]);
});
app.post<{ Body: { key: string } }>('/validate', async ({ body }, reply) => {
	const { rows } = await pool.query({
		name: 'validate',
		text: 'SELECT id, status, expires_at FROM licenses WHERE key_hash = $1',
		values: [createHash('sha256').update(body.key).digest()],
	});
	return reply.send({ valid: rows.length === 1, license: rows[0] });
});
app.post('/order', async (_request, reply) => {
	const client = await pool.connect();
	try {
		await client.query('BEGIN');
		await client.query({
			name: 'order',
			text: `INSERT INTO bare_orders (slug, amount) VALUES ($1, 4999)`,
			values: [slug],
		});
		await client.query('COMMIT');
	} finally {
		client.release();
	}
	return reply.send({ ok: true });
});
await pool.query(
	`CREATE TABLE IF NOT EXISTS bare_orders (id uuid PRIMARY KEY DEFAULT uuidv7(), slug text, amount bigint)`,
);
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
console.log('listening');
