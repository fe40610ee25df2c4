import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvError, parseCoreEnv } from './env.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)).toString(
  'base64',
);
const complete = {
  DATABASE_URL: 'postgresql://app@localhost/loyalnest',
  CORE_SIGNING_KEY: 'k'.repeat(20) + '3f9a1c77e0b2',
  ENCRYPTION_KEYS: `k1:${key}`,
  BLIND_INDEX_KEY: key,
};

function problemsOf(source: Record<string, string | undefined>): readonly string[] {
  try {
    parseCoreEnv(source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

describe('the environment of core', () => {
  it('starts from what is needed and fills in the rest', () => {
    const env = parseCoreEnv({ ...complete, CORE_PORT: '', CORE_SERVICES: 'points, admin' });
    expect(env).toMatchObject({
      CORE_PORT: 50_051,
      CORE_SERVICES: ['points', 'admin'],
      LOG_LEVEL: 'info',
    });
    expect(Object.isFrozen(env)).toBe(true);
  });

  it('names every variable that is missing or malformed at once', () => {
    const problems = problemsOf({
      CORE_PORT: 'many',
      CORE_SERVICES: 'points,bank',
      BLIND_INDEX_KEY: 'c2hvcnQ=',
    });
    for (const name of [
      'DATABASE_URL',
      'CORE_SIGNING_KEY',
      'ENCRYPTION_KEYS',
      'CORE_PORT',
      'CORE_SERVICES',
      'BLIND_INDEX_KEY',
    ]) {
      expect(problems.filter((problem) => problem.startsWith(`${name} `))).toHaveLength(1);
    }
  });

  it('serves encrypted only with a certificate and its key', () => {
    const file = import.meta.filename;
    expect(problemsOf({ ...complete, CORE_TLS: 'on', CORE_TLS_KEY_FILE: file })).toEqual([
      'CORE_TLS_CERT_FILE is missing, and CORE_TLS is on',
    ]);
    const encrypted = { ...complete, CORE_TLS: 'on', CORE_TLS_KEY_FILE: file };
    expect(problemsOf({ ...encrypted, CORE_TLS_CERT_FILE: file })).toEqual([]);
    expect(problemsOf({ ...encrypted, CORE_TLS_CERT_FILE: `${file}.none` })).toEqual([
      'CORE_TLS_CERT_FILE must be a file that can be read',
    ]);
    expect(problemsOf({ ...complete, CORE_TLS: 'yes' })).toHaveLength(1);
    expect(problemsOf({ ...complete, CORE_TLS: 'off' })).toEqual([]);
  });

  it('needs the authorities that a URL of the database names', () => {
    const url = (file: string) =>
      `${complete.DATABASE_URL}?sslmode=verify-full&sslrootcert=${file}`;
    expect(problemsOf({ ...complete, DATABASE_READ_URL: url(import.meta.filename) })).toEqual([]);
    expect(problemsOf({ ...complete, DATABASE_URL: url('/nonexistent.pem') })).toEqual([
      'DATABASE_URL names by sslrootcert a file that cannot be read',
    ]);
  });

  it('treats a blank variable as unset', () => {
    expect(problemsOf({ ...complete, CORE_SIGNING_KEY: '  ' })).toEqual([
      'CORE_SIGNING_KEY is missing',
    ]);
  });

  it('refuses in production the secrets that this repository publishes', () => {
    const published = {
      ...complete,
      NODE_ENV: 'production',
      CORE_SIGNING_KEY: 'example-signing-key-for-development-only',
      BLIND_INDEX_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    expect(problemsOf(published)).toEqual([
      expect.stringContaining('CORE_SIGNING_KEY is a published example'),
      expect.stringContaining('BLIND_INDEX_KEY is a published example'),
    ]);
    expect(problemsOf({ ...published, NODE_ENV: 'development' })).toEqual([]);
    expect(problemsOf({ ...complete, NODE_ENV: 'production' })).toEqual([]);
  });

  const exampleFile = path.resolve(import.meta.dirname, '../.env.example');
  it.runIf(existsSync(exampleFile))('refuses in production each secret of .env.example', () => {
    const values: Record<string, string> = {};
    for (const line of readFileSync(exampleFile, 'utf8').split('\n')) {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
      if (name !== undefined && value !== undefined) values[name] = value.replace(/^"(.*)"$/, '$1');
    }
    const problems = problemsOf({ ...values, NODE_ENV: 'production' });
    for (const name of ['CORE_SIGNING_KEY', 'ENCRYPTION_KEYS', 'BLIND_INDEX_KEY']) {
      if (values[name] !== undefined && values[name] !== '') {
        expect(problems).toContainEqual(expect.stringContaining(`${name} is a published example`));
      }
    }
  });
});
