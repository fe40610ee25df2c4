import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { shopCredentials } from '#infra/local/services.ts';

/**
 * The baseline of a webhook endpoint: it checks the signature, inserts one row durably and answers. No correct
 * endpoint can take less.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const insert = 'INSERT INTO bench_deliveries (webhook_id, topic, payload) VALUES ($1, $2, $3)';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const expected = createHmac('sha256', shopCredentials.SHOPIFY_API_SECRET).update(body).digest();
    const given = Buffer.from(String(request.headers['x-shopify-hmac-sha256']), 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      response.writeHead(401).end();
      return;
    }
    const values = [
      request.headers['x-shopify-webhook-id'],
      request.headers['x-shopify-topic'],
      body,
    ];
    pool.query(insert, values).then(
      () => response.writeHead(200).end(),
      () => response.writeHead(503).end(),
    );
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit(0));
