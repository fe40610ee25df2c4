import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };
export const region = 'us-west-2';

/** A server that speaks as much of S3 as is used, and refuses what S3 would refuse. */
export async function startBucket({ pageSize = 2 } = {}) {
  const objects = new Map<string, Buffer>();
  const failures: number[] = [];
  const seen: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
      seen.push(`${request.method ?? ''} ${url.pathname}`);
      const refuse = (status: number, code: string) =>
        response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
      const failure = failures.shift();
      if (failure !== undefined) return refuse(failure, 'InternalError');
      if (!isSigned(request, url, body)) return refuse(403, 'SignatureDoesNotMatch');
      const [, bucket, ...rest] = url.pathname.split('/').map(decodeURIComponent);
      if (bucket !== 'shop-files') return refuse(404, 'NoSuchBucket');
      const key = rest.join('/');
      if (key === '') return response.end(listing(objects, url.searchParams, pageSize));
      if (request.method === 'PUT') {
        objects.set(key, body);
        return response.end();
      }
      if (request.method === 'DELETE') {
        objects.delete(key);
        return response.writeHead(204).end();
      }
      const object = objects.get(key);
      return object === undefined ? refuse(404, 'NoSuchKey') : response.end(object);
    })();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    /** Statuses of the next answers. */
    failures,
    seen,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Buffer, content: string) =>
  createHmac('sha256', key).update(content).digest();
const encoded = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Signature version 4, from its specification: the headers named, the body's hash, the day's key. */
function isSigned(request: IncomingMessage, url: URL, body: Buffer): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=(\S+?)\/(\d{8})\/(\S+?)\/s3\/aws4_request, SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/;
  const [, id, day = '', zone = '', names = '', signature] =
    form.exec(request.headers.authorization ?? '') ?? [];
  const at = String(request.headers['x-amz-date']);
  const hash = String(request.headers['x-amz-content-sha256']);
  if (id !== keys.accessKeyId || zone !== region || !at.startsWith(day)) return false;
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return false;
  if (request.method === 'PUT' && hash === 'UNSIGNED-PAYLOAD') return false;
  if (
    Math.abs(
      Date.parse(at.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) - Date.now(),
    ) > 900_000
  )
    return false;
  const headers = names
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const canonical = [request.method, url.pathname, query, headers.join(''), names, hash].join('\n');
  const scope = `${day}/${zone}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const ofDay = hmac(`AWS4${keys.secretAccessKey}`, day);
  const signing = hmac(hmac(hmac(ofDay, zone), 's3'), 'aws4_request');
  return hmac(signing, text).toString('hex') === signature;
}

function listing(
  objects: ReadonlyMap<string, Buffer>,
  query: URLSearchParams,
  pageSize: number,
): string {
  const after = query.get('continuation-token') ?? '';
  const found = [...objects.keys()]
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .sort();
  const page = found.slice(0, pageSize);
  const next =
    found.length > pageSize
      ? `<NextContinuationToken>${page.at(-1) ?? ''}</NextContinuationToken>`
      : '';
  return `<?xml version="1.0"?><ListBucketResult>${page
    .map((key) => `<Contents><Key>${encoded(key)}</Key></Contents>`)
    .join('')}${next}</ListBucketResult>`;
}
