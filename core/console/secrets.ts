import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of a password's hash: 32 MB and about a tenth of a second. Kept with each, so that it can grow. */
const current = { cost: 32_768, blockSize: 8, parallelization: 1 } as const;
const keyBytes = 32;
const hashPattern = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]{1,64})\$([\w-]{1,128})$/;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, current, keyBytes);
  const { cost, blockSize, parallelization } = current;
  const parts = [cost, blockSize, parallelization, salt.toString('base64url')];
  return ['scrypt', ...parts, key.toString('base64url')].join('$');
}

export async function isPassword(password: string, stored: string): Promise<boolean> {
  const parts = hashPattern.exec(stored);
  if (parts === null) return false;
  const [, cost, blockSize, parallelization, salt = '', key = ''] = parts;
  const expected = Buffer.from(key, 'base64url');
  const given = await derive(
    password,
    Buffer.from(salt, 'base64url'),
    {
      cost: Number(cost),
      blockSize: Number(blockSize),
      parallelization: Number(parallelization),
    },
    expected.length,
  );
  return timingSafeEqual(given, expected);
}

let nobodys: Promise<string> | undefined;

/** The same work for an account that does not exist: response times must not reveal which accounts exist. */
export async function wasteAsMuchTime(password: string): Promise<false> {
  nobodys ??= hashPassword(randomBytes(16).toString('hex'));
  await isPassword(password, await nobodys);
  return false;
}

function derive(
  password: string,
  salt: Buffer,
  options: { cost: number; blockSize: number; parallelization: number },
  length: number,
): Promise<Buffer> {
  const maxmem = 160 * options.cost * options.blockSize * options.parallelization;
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, length, { ...options, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
}

/** No letters that are taken for others. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

function groups(count: number): string {
  return Array.from({ length: count }, () =>
    Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join(''),
  ).join('-');
}

/** 79 bits, to be typed once. */
export const newOneTimePassword = () => groups(4);

export const newRecoveryCodes = () => Array.from({ length: 10 }, () => groups(4));

/** Recovery codes have 79 bits of chance: a plain hash is as good as a slow one. */
export function hashRecoveryCode(adminId: string, code: string): Buffer {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '');
  return createHash('sha256').update(`recovery\0${adminId}\0${plain}`).digest();
}

export interface SessionToken {
  readonly sessionId: string;
  readonly secret: string;
}

export const newSessionSecret = () => randomBytes(32).toString('base64url');

export function writeSessionToken({ sessionId, secret }: SessionToken): string {
  return `${sessionId}.${secret}`;
}

export function readSessionToken(token: string): SessionToken | undefined {
  const parts = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(token);
  return parts === null ? undefined : { sessionId: parts[1] ?? '', secret: parts[2] ?? '' };
}

/** What is kept of a session's secret, encrypted on top: who reads the table cannot sign in with it. */
export function hashSessionSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function isSameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
