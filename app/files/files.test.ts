import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsCredentials } from './aws-credentials.server.ts';
import { FileTooLarge } from './file-store.ts';
import type { FileStore } from './file-store.ts';
import { localFiles } from './local-files.server.ts';
import { s3Files } from './s3-files.server.ts';
import { keys, region, startBucket } from './testing/bucket.ts';

let folder: string;
let bucket: Awaited<ReturnType<typeof startBucket>>;
let stores: Record<'folder' | 'bucket', FileStore>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-files-'));
  bucket = await startBucket();
  const credentials = () => Promise.resolve({ ...keys, sessionToken: undefined });
  const { endpoint } = bucket;
  stores = {
    folder: localFiles(folder),
    bucket: s3Files({ bucket: 'shop-files', region, endpoint, credentials }),
  };
});
afterAll(async () => {
  await bucket.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function listed(store: FileStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of store.list(prefix)) found.push(key);
  return found;
}

describe.each(['folder', 'bucket'] as const)('files in a %s', (kind) => {
  const store = () => stores[kind];

  test('are read as they were written, and replaced as a whole', async () => {
    expect(await store().get('a/missing.json', 100)).toBeUndefined();
    expect(await store().stream('a/missing.json', 100)).toBeUndefined();
    await store().put('a/one.json', Buffer.from('{"n":1}'));
    await store().put('a/one.json', Buffer.from('{"n":2}'));
    expect(String(await store().get('a/one.json', 100))).toBe('{"n":2}');
    const parts: Buffer[] = [];
    for await (const part of (await store().stream('a/one.json', 100)) ?? [])
      parts.push(part as Buffer);
    expect(String(Buffer.concat(parts))).toBe('{"n":2}');
  });

  test('are listed by what they begin with, in order, however many', async () => {
    for (const key of ['l/2/b', 'l/1/c', 'l/1/a', 'l/10/z', 'l/1-x', 'm/1'])
      await store().put(key, Buffer.from(key));
    expect(await listed(store(), 'l/')).toEqual(['l/1-x', 'l/1/a', 'l/1/c', 'l/10/z', 'l/2/b']);
    expect(await listed(store(), 'l/1/')).toEqual(['l/1/a', 'l/1/c']);
    expect(await listed(store(), 'nothing/')).toEqual([]);
  });

  test('are not read beyond what the reader allows', async () => {
    await store().put('big', Buffer.alloc(200_000, 7));
    expect((await store().get('big', 200_000))?.length).toBe(200_000);
    await expect(store().get('big', 199_999)).rejects.toThrow(FileTooLarge);
    const stream = await store().stream('big', 100_000);
    await expect(stream?.toArray()).rejects.toThrow(FileTooLarge);
  });

  test('are gone once they are deleted, also twice', async () => {
    await store().put('d/one', Buffer.from('x'));
    await store().put('d/two', Buffer.from('y'));
    await store().delete('d/one');
    await store().delete('d/one');
    expect(await store().get('d/one', 10)).toBeUndefined();
    expect(await listed(store(), 'd/')).toEqual(['d/two']);
  });

  test('have names that lead nowhere else', async () => {
    for (const key of [
      '../secret',
      'a/../../b',
      '/etc/passwd',
      'a//b',
      '.hidden',
      'A',
      'x.part',
      '',
    ])
      await expect(store().put(key, Buffer.from('x'))).rejects.toThrow('not a key');
  });
});

test('a write that failed leaves nothing behind in a folder', async () => {
  await stores.folder.put('kept/file', Buffer.from('x'));
  // A file where a folder would have to be.
  await expect(stores.folder.put('kept/file/below', Buffer.from('y'))).rejects.toThrow();
  expect(readdirSync(path.join(folder, 'kept'))).toEqual(['file']);
});

describe('a bucket', () => {
  test('that fails for a moment is asked again', async () => {
    bucket.failures.push(503, 500);
    await stores.bucket.put('again', Buffer.from('here'));
    expect(String(bucket.objects.get('again'))).toBe('here');
  });

  test('that refuses is an error with its own word, and no secret', async () => {
    const credentials = () =>
      Promise.resolve({ ...keys, secretAccessKey: 'another', sessionToken: undefined });
    const { endpoint } = bucket;
    const refused = s3Files({ bucket: 'shop-files', region, endpoint, credentials });
    await expect(refused.put('x', Buffer.from('x'))).rejects.toThrow(
      'writing a file was answered with 403 SignatureDoesNotMatch',
    );
    await expect(refused.get('again', 10)).rejects.toThrow('403');
    await expect(listed(refused, '')).rejects.toThrow('403');
  });
});

describe('the task’s own credentials', () => {
  const answer = (id: string, seconds: number) => ({
    AccessKeyId: id,
    SecretAccessKey: 's',
    Token: 't',
    Expiration: new Date(seconds * 1000).toISOString(),
  });

  test('are read once, and again before they expire', async () => {
    let now = 0;
    const answers = [answer('first', 3_600), answer('second', 7_200)];
    const asked: string[] = [];
    const source = awsCredentials(
      { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1' },
      (url) => {
        asked.push(url instanceof Request ? url.url : url.toString());
        return Promise.resolve(Response.json(answers.shift()));
      },
      () => now,
    );
    expect((await source()).accessKeyId).toBe('first');
    now = 3_200_000;
    expect((await source()).accessKeyId).toBe('first');
    now = 3_400_000;
    expect((await source()).accessKeyId).toBe('second');
    expect(asked).toEqual(Array(2).fill('http://169.254.170.2/v2/credentials/1'));
  });

  test('that could not be read are asked for again', async () => {
    const answers = [new Response(null, { status: 500 }), Response.json(answer('then', 9e9))];
    const source = awsCredentials(
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://localhost/credentials' },
      () => Promise.resolve(answers.shift() ?? Response.error()),
    );
    await expect(source()).rejects.toThrow('500');
    expect((await source()).accessKeyId).toBe('then');
  });

  test('are those of the environment where there are such', async () => {
    const source = awsCredentials({
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_SESSION_TOKEN: 'c',
    });
    expect(await source()).toEqual({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
    });
    await expect(awsCredentials({})()).rejects.toThrow('no credentials');
  });
});
