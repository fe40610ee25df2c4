import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import { atMost, checkKey, readersOf } from './file-store.ts';
import type { FileStore } from './file-store.ts';
import type { AwsCredentials } from './aws-credentials.server.ts';

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** Of another server that speaks S3; Amazon's own otherwise. */
  readonly endpoint?: string | undefined;
  readonly credentials: () => Promise<AwsCredentials>;
}

const answerWithinMs = 10_000;
/** Of failures on S3's side; each waits up to twice as long. */
const retries = 3;

/** Files in a bucket of S3, with its own checksum over what is sent. */
export function s3Files({ bucket, region, endpoint, credentials }: S3Options): FileStore {
  const base =
    endpoint === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com`
      : `${endpoint.replace(/\/$/, '')}/${bucket}`;

  async function call(url: string, init: RequestInit = {}): Promise<Response> {
    const client = new AwsClient({
      ...defined(await credentials()),
      region,
      service: 's3',
      retries,
    });
    return client.fetch(url, { signal: AbortSignal.timeout(answerWithinMs), ...init });
  }

  async function read(key: string, maxBytes: number): Promise<AsyncGenerator<Buffer> | undefined> {
    const answer = await call(`${base}/${checkKey(key)}`);
    if (answer.status === 404) {
      await answer.body?.cancel();
      return undefined;
    }
    await mustBeOk(answer, 'reading a file');
    if (answer.body === null) return atMost([], maxBytes, key);
    return atMost(Readable.fromWeb(answer.body as WebStream), maxBytes, key);
  }

  return {
    async put(key, content) {
      const answer = await call(`${base}/${checkKey(key)}`, {
        method: 'PUT',
        body: Buffer.from(content),
        headers: { 'X-Amz-Content-Sha256': createHash('sha256').update(content).digest('hex') },
      });
      await mustBeOk(answer, 'writing a file');
      await answer.body?.cancel();
    },

    ...readersOf(read),

    async delete(key) {
      const answer = await call(`${base}/${checkKey(key)}`, { method: 'DELETE' });
      await mustBeOk(answer, 'deleting a file');
      await answer.body?.cancel();
    },

    async *list(prefix) {
      for (let token = ''; ;) {
        const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix });
        if (token !== '') query.set('continuation-token', token);
        const answer = await call(`${base}/?${query.toString()}`);
        await mustBeOk(answer, 'listing files');
        const xml = await answer.text();
        for (const key of valuesOf(xml, 'Key')) yield decodeURIComponent(key.replaceAll('+', ' '));
        token = valuesOf(xml, 'NextContinuationToken')[0] ?? '';
        if (token === '') return;
      }
    },
  };
}

/** Keys are percent-encoded and tokens opaque: neither holds markup beyond entities. */
function valuesOf(xml: string, tag: string): string[] {
  return [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, value = '']) =>
    value
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
}

async function mustBeOk(answer: Response, what: string): Promise<void> {
  if (answer.ok) return;
  // The body may name the bucket and the request, never a secret; the code alone is enough.
  const [code = ''] = valuesOf((await answer.text()).slice(0, 10_000), 'Code');
  throw new Error(`${what} was answered with ${answer.status} ${code}`.trim());
}

function defined({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
