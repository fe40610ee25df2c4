import path from 'node:path';

/** The repository's root folder. */
export const root = path.resolve(import.meta.dirname, '../..');

/** Where embedded services, logs and stamps live; DATA_DIR moves it. */
export const dataDir = path.resolve(root, process.env.DATA_DIR ?? '.data');

/** A path inside the repository. */
export function fromRoot(...parts: string[]): string {
  return path.join(root, ...parts);
}

/** A path inside DATA_DIR. */
export function fromData(...parts: string[]): string {
  return path.join(dataDir, ...parts);
}
