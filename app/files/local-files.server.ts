import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { atMost, checkKey, readersOf } from './file-store.ts';
import type { FileStore } from './file-store.ts';

/** Files in a folder of this machine. */
export function localFiles(folder: string): FileStore {
  const fileOf = (key: string) => path.join(folder, ...checkKey(key).split('/'));

  async function read(key: string, maxBytes: number): Promise<AsyncGenerator<Buffer> | undefined> {
    const handle = await open(fileOf(key)).catch(unlessMissing);
    if (handle === undefined) return undefined;
    return atMost(handle.createReadStream() as AsyncIterable<Buffer>, maxBytes, key);
  }

  return {
    async put(key, content) {
      const file = fileOf(key);
      await mkdir(path.dirname(file), { recursive: true });
      const partial = `${file}.${randomUUID()}.part`;
      try {
        const handle = await open(partial, 'wx', 0o600);
        try {
          await handle.writeFile(content);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(partial, file);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      await syncFolders(path.dirname(file), folder);
    },

    ...readersOf(read),

    delete: (key) => rm(fileOf(key), { force: true }),

    async *list(prefix) {
      // The folder that the prefix lies in; the rest of it is compared.
      const within = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (within !== '') checkKey(within.slice(0, -1));
      for await (const key of keysIn(folder, within)) if (key.startsWith(prefix)) yield key;
    },
  };
}

async function* keysIn(folder: string, within: string): AsyncGenerator<string> {
  const entries = await readdir(path.join(folder, within), { withFileTypes: true }).catch(
    unlessMissing,
  );
  // As a bucket orders them: a folder's name counts with its slash.
  const names = (entries ?? [])
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => !name.endsWith('.part'))
    .sort((a, b) => (a < b ? -1 : 1));
  for (const name of names) {
    if (name.endsWith('/')) yield* keysIn(folder, `${within}${name}`);
    else yield `${within}${name}`;
  }
}

/** A file is there after a power cut when its folder was flushed, and the folders it was made in. */
async function syncFolders(from: string, to: string): Promise<void> {
  for (let current = from; ; current = path.dirname(current)) {
    const handle = await open(current);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (current === to || current === path.dirname(current)) return;
  }
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
