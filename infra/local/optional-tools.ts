import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Chromium or Chrome: CHROMIUM_PATH, or the usual names on PATH. */
export function findChromium(): string | undefined {
  return findProgram('CHROMIUM_PATH', ['chromium', 'chromium-browser', 'google-chrome']);
}

export function findRedis(): string | undefined {
  return findProgram('REDIS_SERVER_PATH', ['redis-server', 'valkey-server']);
}

export function findPgbouncer(): string | undefined {
  return findProgram('PGBOUNCER_PATH', ['pgbouncer']);
}

/** PostgreSQL's own client programs, which the embedded engine does not bring. */
export function findPgTool(name: 'pg_dump' | 'pg_restore'): string | undefined {
  return findProgram(`${name.toUpperCase()}_PATH`, [name]);
}

/** How a person gets a program that npm does not bring. */
export function howToGet(debianPackage: string): string {
  return `On Debian and Ubuntu: apt-get install ${debianPackage}`;
}

function findProgram(variable: string, names: readonly string[]): string | undefined {
  const chosen = process.env[variable];
  if (chosen !== undefined && chosen !== '') return chosen;
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
  ];
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      if (folder !== '' && isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
