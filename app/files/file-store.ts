import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/**
 * Files that outlive a process and that web and worker share: a folder of this machine, or a bucket. A key is a path of
 * lower-case letters, digits, dots, dashes and slashes.
 */
export interface FileStore {
  /** Whole or not at all, and durable once it resolves. Replaces what was there. */
  put(key: string, content: Uint8Array): Promise<void>;
  /**
   * @returns undefined when there is no such file
   * @throws FileTooLarge
   */
  get(key: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Like `get`, without holding the file in memory; the stream fails with FileTooLarge at the first byte too many. */
  stream(key: string, maxBytes: number): Promise<Readable | undefined>;
  /** A file that is not there is deleted already. */
  delete(key: string): Promise<void>;
  /** Keys that begin so, in order. */
  list(prefix: string): AsyncIterable<string>;
}

export class FileTooLarge extends Error {
  constructor(key: string, maxBytes: number) {
    super(`the file ${key} has more than ${maxBytes} bytes`);
    this.name = 'FileTooLarge';
  }
}

/** @throws Error for a key that would lead out of its folder, or that not every file system takes */
export function checkKey(key: string): string {
  const isSound =
    key.length <= 512 &&
    key.split('/').every((part) => /^[a-z0-9][a-z0-9._-]*$/.test(part) && !part.endsWith('.part'));
  if (!isSound) throw new Error('not a key of a file');
  return key;
}

/** Passes bytes on while there are no more than allowed. */
export async function* atMost(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
  key: string,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.byteLength;
    if (total > maxBytes) throw new FileTooLarge(key, maxBytes);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/** Both ways to read a file, by what reads its bytes up to a limit. */
export function readersOf(
  read: (key: string, maxBytes: number) => Promise<AsyncIterable<Buffer> | undefined>,
): Pick<FileStore, 'get' | 'stream'> {
  return {
    async get(key, maxBytes) {
      const chunks = await read(key, maxBytes);
      return chunks && (await buffer(chunks));
    },

    async stream(key, maxBytes) {
      const chunks = await read(key, maxBytes);
      return chunks && Readable.from(chunks, { objectMode: false });
    },
  };
}
