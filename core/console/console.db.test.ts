import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { onPlatform } from '../database/platform-transaction.ts';
import { CallFailure, failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { enableSecondFactor, insertAdmin, setPassword, setPendingSecret } from './admins.store.ts';
import { createAdmin } from './create-admin.ts';
import { hashPassword, hashRecoveryCode, newRecoveryCodes } from './secrets.ts';
import { putSession } from './sessions.store.ts';
import { scopesOf } from './sign-in.rules.ts';
import { base32, fromBase32, hotp, totpStep } from './totp.rules.ts';
import type { AdminRole } from '#vocabulary/console.ts';

const ownPassword = 'correct horse battery staple';

let core: TestCore;
let now = new Date();
let people = 0;
let passwordHash: string;

beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
  passwordHash = await hashPassword(ownPassword);
});
afterAll(() => core.stop());
beforeEach(() => {
  // A step of its own for each test, as a code opens once.
  now = new Date(now.getTime() + 3_600_000);
});

const pass = (ms: number) => (now = new Date(now.getTime() + ms));
const web = () => core.clients().admin;

async function invite(role: AdminRole = 'superadmin') {
  const username = `person${++people}`;
  const made = await onPlatform(core.pool, (client) =>
    createAdmin(client, core, { username, email: `${username}@example.com`, role, by: null }, now),
  );
  return { ...made, username, role };
}

const codeOf = (secret: string) => hotp(fromBase32(secret), totpStep(now));

/** With a password of their own and an authenticator, and signed in; without the work of each password's hash. */
async function enrolled(role: AdminRole = 'superadmin') {
  const username = `person${++people}`;
  const adminId = randomUUID();
  const secret = base32(randomBytes(20));
  const recoveryCodes = newRecoveryCodes();
  const session = await onPlatform(core.pool, async (client) => {
    await insertAdmin(client, core, {
      adminId,
      username,
      email: `${username}@example.com`,
      role,
      passwordHash,
      passwordExpiresAt: now,
    });
    await setPassword(client, adminId, passwordHash, null);
    await setPendingSecret(client, core, adminId, secret);
    const hashes = recoveryCodes.map((code) => hashRecoveryCode(adminId, code));
    await enableSecondFactor(client, adminId, totpStep(now), hashes);
    return putSession(client, core.encryption, { adminId, stage: 'signed_in' }, now);
  });
  return {
    adminId,
    username,
    secret,
    recoveryCodes,
    sessionToken: session.sessionToken,
    api: core.clients({ actor: `admin:${adminId}`, scopes: scopesOf(role) }).admin,
  };
}

const stageOf = async (sessionToken: string) =>
  (await web().getAdminSession({ sessionToken })).session?.stage;

async function signIn(login: string, password: string, address = '192.0.2.1') {
  const { session } = await web().signInAdmin({ login, password, address });
  return { sessionToken: session?.sessionToken ?? '', stage: session?.stage };
}

async function auditOf(adminId: string): Promise<string[]> {
  const { rows } = await core.outside.query<{ action: string }>(
    `SELECT action FROM audit_logs WHERE merchant_id IS NULL AND target_id = $1 ORDER BY sequence`,
    [adminId],
  );
  return rows.map((row) => row.action);
}

describe('signing in to the console', () => {
  it('begins with a one-time password, an own one and an authenticator; then wants both each time', async () => {
    const person = await invite();
    const first = await signIn(person.username.toUpperCase(), person.oneTimePassword);
    expect(first.stage).toBe('new_password');
    // Not further than this stage.
    const early = web().beginAdminEnrolment({ sessionToken: first.sessionToken });
    expect((await failureOf(early)).code).toBe('forbidden');
    const simple = web().changeAdminPassword({
      sessionToken: first.sessionToken,
      currentPassword: '',
      newPassword: 'short',
    });
    expect(await failureOf(simple)).toMatchObject({
      code: 'invalid_input',
      field: 'new_password',
      message: expect.stringContaining('too_short') as string,
    });
    const { session } = await web().changeAdminPassword({
      sessionToken: first.sessionToken,
      currentPassword: '',
      newPassword: ownPassword,
    });
    expect(session?.stage).toBe('enrolment');
    const sessionToken = session?.sessionToken ?? '';
    // The token of the previous step is invalid.
    expect((await failureOf(stageOf(first.sessionToken))).code).toBe('unauthenticated');
    const { secret, otpauthUri } = await web().beginAdminEnrolment({ sessionToken });
    expect((await web().beginAdminEnrolment({ sessionToken })).secret).toBe(secret);
    expect(otpauthUri).toContain(secret);
    const wrong = web().confirmAdminEnrolment({ sessionToken, code: '000000' });
    expect((await failureOf(wrong)).field).toBe('code');
    const done = await web().confirmAdminEnrolment({ sessionToken, code: codeOf(secret) });
    expect(done.session?.stage).toBe('signed_in');
    expect(new Set(done.recoveryCodes).size).toBe(10);

    pass(60_000);
    const again = await signIn(`${person.username}@example.com`, ownPassword);
    expect(again.stage).toBe('second_factor');
    const code = codeOf(secret);
    const inside = await web().confirmAdminCode({ sessionToken: again.sessionToken, code });
    expect(await stageOf(inside.session?.sessionToken ?? '')).toBe('signed_in');
    // The same code, seen over a shoulder.
    const other = await signIn(person.username, ownPassword);
    const replay = web().confirmAdminCode({ sessionToken: other.sessionToken, code });
    expect(await failureOf(replay)).toMatchObject({ code: 'unauthenticated', field: 'code' });
    expect(await auditOf(person.adminId)).toEqual([
      'admin_invited',
      'admin_password_changed',
      'admin_mfa_enabled',
      'admin_signed_in',
      'admin_signed_in',
      'admin_code_failed',
    ]);
  });

  it('takes each recovery code once', async () => {
    const person = await enrolled();
    const [code = ''] = person.recoveryCodes;
    const { sessionToken } = await signIn(person.username, ownPassword);
    const inside = await web().confirmAdminCode({ sessionToken, code: ` ${code.toUpperCase()} ` });
    const read = await web().getAdminSession({
      sessionToken: inside.session?.sessionToken ?? '',
    });
    expect(read).toMatchObject({ session: { stage: 'signed_in' }, recoveryCodesLeft: 9 });
    const next = await signIn(person.username, ownPassword);
    const again = web().confirmAdminCode({ sessionToken: next.sessionToken, code });
    expect((await failureOf(again)).code).toBe('unauthenticated');
  });

  it('gives the same answer whether the account or the password is wrong', async () => {
    const person = await enrolled();
    const unknown = await failureOf(signIn('nobody', ownPassword, '192.0.2.9'));
    const wrong = await failureOf(signIn(person.username, 'not the password', '192.0.2.9'));
    expect([wrong.code, wrong.field, wrong.message]).toEqual([
      unknown.code,
      unknown.field,
      unknown.message,
    ]);
    expect(wrong.code).toBe('unauthenticated');
  });

  it('locks an account for an address after five attempts, concurrent ones too, and only there', async () => {
    const person = await enrolled();
    const tries = await Promise.all(
      Array.from({ length: 9 }, async () =>
        failureOf(signIn(person.username, 'not the password', '198.51.100.1')),
      ),
    );
    expect(tries.filter(({ code }) => code === 'unauthenticated')).toHaveLength(5);
    expect(tries.filter(({ code }) => code === 'rate_limited')).toHaveLength(4);
    const right = signIn(person.username, ownPassword, '198.51.100.1');
    expect((await failureOf(right)).code).toBe('rate_limited');
    expect((await signIn(person.username, ownPassword, '198.51.100.2')).stage).toBe(
      'second_factor',
    );
    // A right password elsewhere unlocks nothing here before the time is over.
    pass(16 * 60_000);
    expect((await signIn(person.username, ownPassword, '198.51.100.1')).stage).toBe(
      'second_factor',
    );
  });

  it('lets an admin in from their own address, however many attempts come from another', async () => {
    const person = await enrolled();
    for (let round = 0; round < 4; round++) {
      for (let guess = 0; guess < 40; guess++)
        await failureOf(signIn(person.username, 'not the password', '198.51.100.77'));
      const { stage } = await signIn(person.username, ownPassword, '203.0.113.5');
      expect(stage).toBe('second_factor');
      pass(5 * 60_000);
    }
  }, 120_000);

  it('lets codes be guessed five times, from however many sessions', async () => {
    const person = await enrolled();
    pass(60_000);
    const codes: string[] = [];
    for (let guess = 0; guess < 6; guess++) {
      const { sessionToken } = await signIn(person.username, ownPassword);
      const failure = await failureOf(web().confirmAdminCode({ sessionToken, code: '000001' }));
      codes.push(failure.code);
    }
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'unauthenticated'), 'rate_limited']);
    const { sessionToken } = await signIn(person.username, ownPassword);
    const right = web().confirmAdminCode({ sessionToken, code: codeOf(person.secret) });
    expect((await failureOf(right)).code).toBe('rate_limited');
  });

  it('refuses a one-time password after three days', async () => {
    const person = await invite();
    pass(3 * 24 * 3_600_000);
    const late = await failureOf(signIn(person.username, person.oneTimePassword));
    expect(late.code).toBe('unauthenticated');
  });
});

describe('a session of the console', () => {
  it('ends after half an hour without a request, and after an hour with them', async () => {
    const idle = await enrolled();
    pass(29 * 60_000);
    expect(await stageOf(idle.sessionToken)).toBe('signed_in');
    pass(29 * 60_000);
    expect(await stageOf(idle.sessionToken)).toBe('signed_in');
    pass(2 * 60_000);
    expect((await failureOf(stageOf(idle.sessionToken))).code).toBe('unauthenticated');
    const forgotten = await enrolled();
    pass(30 * 60_000);
    expect((await failureOf(stageOf(forgotten.sessionToken))).code).toBe('unauthenticated');
  });

  it('ends by signing out, here or everywhere, and with a new password everywhere else', async () => {
    const person = await enrolled();
    const another = async () => {
      pass(60_000);
      const { sessionToken } = await signIn(person.username, ownPassword);
      const code = codeOf(person.secret);
      const { session } = await web().confirmAdminCode({ sessionToken, code });
      return session?.sessionToken ?? '';
    };
    const [second, third] = [await another(), await another()];
    await web().endAdminSession({ sessionToken: second, everywhere: false });
    expect((await failureOf(stageOf(second))).code).toBe('unauthenticated');
    const wrong = web().changeAdminPassword({
      sessionToken: third,
      currentPassword: 'not the password',
      newPassword: 'another password of mine',
    });
    expect((await failureOf(wrong)).field).toBe('current_password');
    const changed = await web().changeAdminPassword({
      sessionToken: third,
      currentPassword: ownPassword,
      newPassword: 'another password of mine',
    });
    expect((await failureOf(stageOf(person.sessionToken))).code).toBe('unauthenticated');
    const last = changed.session?.sessionToken ?? '';
    expect(await stageOf(last)).toBe('signed_in');
    await web().endAdminSession({ sessionToken: last, everywhere: true });
    expect((await failureOf(stageOf(last))).code).toBe('unauthenticated');
  });

  it('is stored in a form that cannot be used to sign in', async () => {
    const person = await enrolled();
    const { rows } = await core.outside.query<{ everything: string }>(
      `SELECT (SELECT string_agg(s::text, ' ') FROM admin_sessions s) || ' ' ||
              (SELECT string_agg(u::text, ' ') FROM admin_users u) AS everything`,
    );
    const stored = rows[0]?.everything ?? '';
    const [, secret = ''] = person.sessionToken.split('.');
    for (const value of [secret, person.secret, ownPassword, ...person.recoveryCodes])
      expect(stored).not.toContain(value);
    expect(stored).not.toContain(`${person.username}@example.com`);
    const forged = `${person.sessionToken.split('.')[0] ?? ''}.${'A'.repeat(43)}`;
    expect((await failureOf(stageOf(forged))).code).toBe('unauthenticated');
  });

  it('returns to enrolling when the authenticator is replaced, given password and code', async () => {
    const person = await enrolled();
    pass(60_000);
    const code = codeOf(person.secret);
    const { sessionToken } = person;
    const wrong = web().replaceAdminAuthenticator({ sessionToken, password: 'no', code });
    expect((await failureOf(wrong)).field).toBe('password');
    const { session } = await web().replaceAdminAuthenticator({
      sessionToken,
      password: ownPassword,
      code,
    });
    expect(session?.stage).toBe('enrolment');
    const next = session?.sessionToken ?? '';
    const { secret } = await web().beginAdminEnrolment({ sessionToken: next });
    expect(secret).not.toBe(person.secret);
  });
});

describe('what a role may do', () => {
  it('is decided by core, method by method', async () => {
    const [superadmin, support, analyst] = [
      await enrolled('superadmin'),
      await enrolled('support'),
      await enrolled('analyst'),
    ];
    const deliveries = { status: '', topic: '', shopDomain: '' };
    const act = { act: 'retry', queue: 'webhook', jobIds: ['1'] };
    const outcomes = async ({ api }: typeof support) => ({
      overview: await codeOrOk(api.getPlatformOverview({})),
      deliveries: await codeOrOk(api.listPlatformDeliveries(deliveries)),
      replay: await codeOrOk(api.replayPlatformDeliveries({ deliveryIds: [randomUUID()] })),
      queue: await codeOrOk(api.recordQueueAct(act)),
      admins: await codeOrOk(api.listAdminUsers({})),
      invite: await codeOrOk(
        api.createAdminUser({
          username: `x${++people}`,
          email: `x${people}@example.com`,
          role: 'superadmin',
        }),
      ),
      reset: await codeOrOk(api.resetAdminAccess({ adminId: analyst.adminId })),
      // Neither a tenant's rows nor the worker's calls are a person's.
      inbox: await codeOrOk(api.claimStaleDeliveries({ limit: 1, olderThanSeconds: 0 })),
      customers: await codeOrOk(api.getCustomers({ query: '', sort: '', vipTierId: '' })),
    });
    const no = 'forbidden';
    const none = { inbox: no, customers: 'unauthenticated' };
    expect(await outcomes(analyst)).toEqual({
      overview: 'ok',
      deliveries: no,
      replay: no,
      queue: no,
      admins: no,
      invite: no,
      reset: no,
      ...none,
    });
    expect(await outcomes(support)).toEqual({
      overview: 'ok',
      deliveries: 'ok',
      replay: 'ok',
      queue: 'ok',
      admins: no,
      invite: no,
      reset: no,
      ...none,
    });
    expect(await outcomes(superadmin)).toEqual({
      overview: 'ok',
      deliveries: 'ok',
      replay: 'ok',
      queue: 'ok',
      admins: 'ok',
      invite: 'ok',
      reset: 'ok',
      ...none,
    });
    // The web server alone signs people in; no person's token does.
    const asPerson = superadmin.api.getAdminSession({ sessionToken: support.sessionToken });
    expect((await failureOf(asPerson)).code).toBe('forbidden');
  });

  const codeOrOk = async (call: Promise<unknown>) => {
    try {
      await call;
      return 'ok';
    } catch (error) {
      if (error instanceof CallFailure) return error.code;
      throw error;
    }
  };
});

describe('the console’s staff', () => {
  it('are invited, changed and disabled by a superadmin, who cannot do it to themselves', async () => {
    const { api, adminId } = await enrolled();
    const made = await api.createAdminUser({
      username: ' Grace ',
      email: 'Grace@Example.com',
      role: 'analyst',
    });
    expect(made.admin).toMatchObject({
      username: 'grace',
      email: 'grace@example.com',
      role: 'analyst',
      isInvited: true,
    });
    const graceId = made.admin?.adminId ?? '';
    const twice = api.createAdminUser({
      username: 'grace2',
      email: 'grace@example.com',
      role: 'analyst',
    });
    expect((await failureOf(twice)).code).toBe('idempotency_conflict');
    const grace = await signIn('grace', made.oneTimePassword);
    const change = { adminId: graceId, role: 'support', status: 'active' };
    const { admin } = await api.updateAdminUser(change);
    expect(admin?.scopes).toEqual(scopesOf('support'));
    expect((await failureOf(stageOf(grace.sessionToken))).code).toBe('unauthenticated');
    const { oneTimePassword } = await api.resetAdminAccess({ adminId: graceId });
    expect((await failureOf(signIn('grace', made.oneTimePassword))).code).toBe('unauthenticated');
    expect((await signIn('grace', oneTimePassword)).stage).toBe('new_password');
    await api.updateAdminUser({ ...change, status: 'disabled' });
    expect((await failureOf(signIn('grace', oneTimePassword))).code).toBe('unauthenticated');
    const oneself = api.updateAdminUser({ adminId, role: 'analyst', status: 'active' });
    expect((await failureOf(oneself)).code).toBe('forbidden');
    expect((await failureOf(api.resetAdminAccess({ adminId }))).code).toBe('forbidden');
    const unknown = api.resetAdminAccess({ adminId: randomUUID() });
    expect((await failureOf(unknown)).code).toBe('not_found');
  });

  it('keep one superadmin when two remove each other at once', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const results = await Promise.allSettled([
      one.api.updateAdminUser({ adminId: other.adminId, role: 'analyst', status: 'active' }),
      other.api.updateAdminUser({ adminId: one.adminId, role: 'analyst', status: 'active' }),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('deliveries of all shops', () => {
  it('that failed or were refused are listed page by page, and replayed once, in both logs', async () => {
    const { api, adminId } = await enrolled('support');
    const shops = [await core.installShop(), await core.installShop()];
    const before = await api.getPlatformOverview({});
    const ids: string[] = [];
    for (const { shopDomain } of shops)
      for (const status of ['failed', 'refused', 'processed']) {
        const { deliveryId } = await web().storeDelivery({
          shopDomain,
          topic: 'orders/paid',
          webhookId: randomUUID(),
          payload: Buffer.from('{}'),
        });
        const problem = { code: 'invalid_input', field: 'order.currency', message: 'is wrong' };
        await web().finishDeliveries({
          outcomes: [{ deliveryId, status, reason: OutcomeReason.UNSPECIFIED, problem }],
        });
        if (status !== 'processed') ids.unshift(deliveryId);
      }
    const after = await api.getPlatformOverview({});
    expect(after.deliveriesFailed - before.deliveriesFailed).toBe(2);
    expect(after.deliveriesRefused - before.deliveriesRefused).toBe(2);
    expect(after.shopsInstalled).toBeGreaterThanOrEqual(2);

    const filter = { status: '', topic: 'orders/paid', shopDomain: '' };
    const first = await api.listPlatformDeliveries({
      ...filter,
      page: { pageSize: 3, cursor: '' },
    });
    const second = await api.listPlatformDeliveries({
      ...filter,
      page: { pageSize: 3, cursor: first.page?.nextCursor ?? '' },
    });
    const seen = [...first.deliveries, ...second.deliveries];
    expect(seen.map(({ deliveryId }) => deliveryId)).toEqual(ids);
    expect(seen[0]).toMatchObject({
      shopDomain: shops[1]?.shopDomain,
      status: 'refused',
      isReplayable: true,
      problem: { field: 'order.currency' },
    });
    const ofShop = await api.listPlatformDeliveries({
      status: 'failed',
      topic: '',
      shopDomain: shops[0]?.shopDomain ?? '',
    });
    expect(ofShop.deliveries).toHaveLength(1);

    const chosen = [ids[0] ?? '', ids[3] ?? ''];
    const { deliveryIds } = await api.replayPlatformDeliveries({ deliveryIds: chosen });
    expect([...deliveryIds].sort()).toEqual([...chosen].sort());
    // They are on their way: once more does nothing.
    expect(await api.replayPlatformDeliveries({ deliveryIds: chosen })).toEqual({
      deliveryIds: [],
    });
    const { rows } = await core.outside.query<{ merchant_id: string | null; actor: string }>(
      `SELECT merchant_id, metadata->>'actor' AS actor FROM audit_logs WHERE action = 'deliveries_replayed'`,
    );
    expect(rows.map((row) => row.merchant_id ?? 'platform').sort()).toEqual(
      ['platform', ...shops.map(({ merchantId }) => merchantId)].sort(),
    );
    expect(new Set(rows.map((row) => row.actor))).toEqual(new Set([`admin:${adminId}`]));
    const breaks = await core.pool.query('SELECT * FROM audit_chain_breaks()');
    expect(breaks.rows).toEqual([]);
  });
});
