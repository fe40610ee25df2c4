import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { AdminSession } from '#proto/admin/v1/console.ts';
import { onPlatform } from '../database/platform-transaction.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput } from '../shared/errors.ts';
import { writePlatformAudit } from '../shared/audit.store.ts';
import type { AdminMethods } from '../call/methods.ts';
import {
  enableSecondFactor,
  findAdmin,
  lockAdmin,
  noteSignIn,
  setPassword,
  setPendingSecret,
  toAdminMessage,
  useRecoveryCode,
  useStep,
} from './admins.store.ts';
import type { Admin } from './admins.store.ts';
import {
  hashPassword,
  hashRecoveryCode,
  isPassword,
  newRecoveryCodes,
  wasteAsMuchTime,
} from './secrets.ts';
import {
  deleteEndedSessions,
  endSession,
  endSessions,
  findSession,
  putSession,
  renewToken,
  touchSession,
} from './sessions.store.ts';
import type { StoredSession } from './sessions.store.ts';
import { nextStage, passwordProblem, tryLimits } from './sign-in.rules.ts';
import { acceptedStep, base32, fromBase32, otpauthUri } from './totp.rules.ts';
import { deleteOldTries, forgetTries, recordTry } from './tries.store.ts';
import type { TryKey } from './tries.store.ts';
import type { PlatformAction } from '#vocabulary/activity.ts';
import { SIGN_IN_STAGES, type SignInStage } from '#vocabulary/console.ts';

type Methods = AdminMethods<
  | 'signInAdmin'
  | 'confirmAdminCode'
  | 'getAdminSession'
  | 'beginAdminEnrolment'
  | 'confirmAdminEnrolment'
  | 'changeAdminPassword'
  | 'replaceAdminAuthenticator'
  | 'endAdminSession'
>;

export type ConsoleDependencies = Pick<
  CoreDependencies,
  'pool' | 'encryption' | 'blindIndex' | 'clock'
>;

/** A session is noted as used no more often than this. */
const touchEveryMs = 30_000;

const wrong = (field: string) => new DomainError('unauthenticated', { field, message: 'is wrong' });

/** How people of the platform sign in to the console. What is tried is counted in a transaction of its own. */
export function signInMethods(deps: ConsoleDependencies): Methods {
  const { pool, encryption, blindIndex, clock } = deps;

  async function refuseIfTooMany(keys: readonly TryKey[]): Promise<void> {
    const isAllowed = await onPlatform(pool, (client) =>
      recordTry(client, blindIndex, keys, clock()),
    );
    if (!isAllowed)
      throw new DomainError('rate_limited', {
        message: 'too many tries; wait a quarter of an hour',
      });
  }

  /** Work of somebody whose session has come to one of these stages; their row is locked. */
  function inSession<T>(
    token: string,
    allowed: readonly SignInStage[],
    work: (client: PoolClient, session: StoredSession, admin: Admin) => Promise<T>,
  ): Promise<T> {
    return onPlatform(pool, async (client) => {
      const session = await findSession(client, encryption, token, clock());
      const admin = session && (await lockAdmin(client, deps, session.adminId));
      if (session === undefined || admin === undefined || admin.status !== 'active')
        throw wrong('session_token');
      if (!allowed.includes(session.stage))
        throw new DomainError('forbidden', { message: `the session is at ${session.stage}` });
      return work(client, session, admin);
    });
  }

  async function advance(
    client: PoolClient,
    session: StoredSession,
    admin: Pick<Admin, 'adminId' | 'mfaEnabled' | 'mustChangePassword'>,
  ): Promise<AdminSession> {
    const stage = nextStage(admin, { secondFactor: true });
    if (stage === 'signed_in') await noteSignedIn(client, admin.adminId);
    const { sessionId, adminId } = session;
    return putSession(client, encryption, { sessionId, adminId, stage }, clock());
  }

  async function noteSignedIn(client: PoolClient, adminId: string): Promise<void> {
    await noteSignIn(client, adminId, clock());
    await writePlatformAudit(client, adminId, {
      action: 'admin_signed_in',
      targetTable: 'admin_users',
      targetId: adminId,
    });
  }

  async function noteFailure(adminId: string, action: PlatformAction): Promise<void> {
    await onPlatform(pool, (client) =>
      writePlatformAudit(client, null, {
        action,
        targetTable: 'admin_users',
        targetId: adminId,
        severity: 'warning',
      }),
    );
  }

  /** Uses a code of the authenticator up, or a recovery code. @returns whether it was right */
  async function useCode(client: PoolClient, admin: Admin, code: string): Promise<boolean> {
    const plain = code.replace(/\s/g, '');
    if (/^\d{6}$/.test(plain)) {
      const step =
        admin.mfaSecret === null
          ? undefined
          : acceptedStep(fromBase32(admin.mfaSecret), plain, clock(), admin.mfaLastStep);
      if (step !== undefined) await useStep(client, admin.adminId, step);
      return step !== undefined;
    }
    const hash = hashRecoveryCode(admin.adminId, plain);
    if (!admin.recoveryCodeHashes.some((known) => known.equals(hash))) return false;
    await useRecoveryCode(client, admin.adminId, hash);
    await writePlatformAudit(client, admin.adminId, {
      action: 'admin_recovery_code_used',
      targetTable: 'admin_users',
      targetId: admin.adminId,
      severity: 'warning',
    });
    return true;
  }

  const codeTries = (adminId: string): TryKey[] => [
    { key: `code ${adminId}`, limit: tryLimits.code },
  ];

  /** Counted first, outside of what is rolled back when the code is wrong. */
  async function refuseTooManyCodes(
    token: string,
    allowed: readonly SignInStage[],
  ): Promise<TryKey[]> {
    const adminId = await inSession(token, allowed, (_client, session) =>
      Promise.resolve(session.adminId),
    );
    await refuseIfTooMany(codeTries(adminId));
    return codeTries(adminId);
  }

  return {
    async signInAdmin(request) {
      const { login, password, address } = request;
      const name = login.trim().toLowerCase();
      const keys: TryKey[] = [
        { key: `login ${name} from ${address}`, limit: tryLimits.accountAndAddress },
        { key: `login ${name}`, limit: tryLimits.account },
        { key: `from ${address}`, limit: tryLimits.address },
      ];
      await refuseIfTooMany(keys);
      const admin = await findAdmin(pool, deps, login);
      const isRight = await (admin === undefined
        ? wasteAsMuchTime(password)
        : isPassword(password, admin.passwordHash));
      const isExpired =
        admin?.passwordExpiresAt !== null && (admin?.passwordExpiresAt ?? clock()) <= clock();
      if (admin === undefined || !isRight || admin.status !== 'active' || isExpired) {
        if (admin !== undefined) await noteFailure(admin.adminId, 'admin_sign_in_failed');
        throw wrong('password');
      }
      const session = await onPlatform(pool, async (client) => {
        await forgetTries(client, blindIndex, keys);
        await deleteOldTries(client, clock());
        await deleteEndedSessions(client, clock());
        const stage = nextStage(admin, { secondFactor: false });
        return putSession(client, encryption, { adminId: admin.adminId, stage }, clock());
      });
      return { session };
    },

    async confirmAdminCode(request) {
      const stages: SignInStage[] = ['second_factor'];
      const keys = await refuseTooManyCodes(request.sessionToken, stages);
      const { session, adminId } = await inSession(
        request.sessionToken,
        stages,
        async (client, current, admin) => {
          const isRight = await useCode(client, admin, request.code);
          if (isRight) await forgetTries(client, blindIndex, keys);
          return {
            adminId: admin.adminId,
            session: isRight ? await advance(client, current, admin) : undefined,
          };
        },
      );
      if (session === undefined) {
        // Whoever comes this far knows the password.
        await noteFailure(adminId, 'admin_code_failed');
        throw wrong('code');
      }
      return { session };
    },

    getAdminSession: (request) =>
      inSession(request.sessionToken, SIGN_IN_STAGES, async (client, session, admin) => {
        const now = clock();
        if (now.getTime() - session.lastSeenAt.getTime() >= touchEveryMs)
          await touchSession(client, session.sessionId, now);
        return {
          admin: toAdminMessage(admin),
          session: {
            sessionToken: '',
            stage: session.stage,
            expiresAt: session.expiresAt.toISOString(),
          },
          recoveryCodesLeft: admin.recoveryCodeHashes.length,
        };
      }),

    beginAdminEnrolment: (request) =>
      inSession(request.sessionToken, ['enrolment'], async (client, _session, admin) => {
        // The same until it is confirmed: whoever reloads the page has typed it already.
        const secret = admin.mfaSecret ?? base32(randomBytes(20));
        if (admin.mfaSecret === null) await setPendingSecret(client, deps, admin.adminId, secret);
        return { secret, otpauthUri: otpauthUri(secret, admin.username) };
      }),

    async confirmAdminEnrolment(request) {
      const stages: SignInStage[] = ['enrolment'];
      const keys = await refuseTooManyCodes(request.sessionToken, stages);
      return inSession(request.sessionToken, stages, async (client, session, admin) => {
        const step =
          admin.mfaSecret === null
            ? undefined
            : acceptedStep(fromBase32(admin.mfaSecret), request.code.trim(), clock(), null);
        if (step === undefined) throw wrong('code');
        await forgetTries(client, blindIndex, keys);
        const recoveryCodes = newRecoveryCodes();
        await enableSecondFactor(
          client,
          admin.adminId,
          step,
          recoveryCodes.map((code) => hashRecoveryCode(admin.adminId, code)),
        );
        await writePlatformAudit(client, admin.adminId, {
          action: 'admin_mfa_enabled',
          targetTable: 'admin_users',
          targetId: admin.adminId,
        });
        return {
          session: await advance(client, session, { ...admin, mfaEnabled: true }),
          recoveryCodes,
        };
      });
    },

    async changeAdminPassword(request) {
      const stages: SignInStage[] = ['new_password', 'signed_in'];
      const keys = await refuseTooManyCodes(request.sessionToken, stages);
      const passwordHash = await hashPassword(request.newPassword);
      const session = await inSession(
        request.sessionToken,
        stages,
        async (client, current, admin) => {
          if (
            current.stage === 'signed_in' &&
            !(await isPassword(request.currentPassword, admin.passwordHash))
          )
            throw wrong('current_password');
          const problem = passwordProblem(request.newPassword, admin);
          if (problem !== undefined) throw invalidInput('new_password', problem);
          if (await isPassword(request.newPassword, admin.passwordHash))
            throw invalidInput('new_password', 'unchanged');
          await forgetTries(client, blindIndex, keys);
          await setPassword(client, admin.adminId, passwordHash, null);
          await endSessions(client, admin.adminId, current.sessionId);
          await writePlatformAudit(client, admin.adminId, {
            action: 'admin_password_changed',
            targetTable: 'admin_users',
            targetId: admin.adminId,
          });
          return current.stage === 'signed_in'
            ? renewToken(client, encryption, current)
            : advance(client, current, { ...admin, mustChangePassword: false });
        },
      );
      return { session };
    },

    async replaceAdminAuthenticator(request) {
      const stages: SignInStage[] = ['signed_in'];
      const keys = await refuseTooManyCodes(request.sessionToken, stages);
      const session = await inSession(
        request.sessionToken,
        stages,
        async (client, current, admin) => {
          if (!(await isPassword(request.password, admin.passwordHash))) throw wrong('password');
          if (!(await useCode(client, admin, request.code))) throw wrong('code');
          await forgetTries(client, blindIndex, keys);
          await setPendingSecret(client, deps, admin.adminId, null);
          await endSessions(client, admin.adminId, current.sessionId);
          await writePlatformAudit(client, admin.adminId, {
            action: 'admin_mfa_replaced',
            targetTable: 'admin_users',
            targetId: admin.adminId,
            severity: 'warning',
          });
          return advance(client, current, { ...admin, mfaEnabled: false });
        },
      );
      return { session };
    },

    async endAdminSession(request) {
      await onPlatform(pool, async (client) => {
        const session = await findSession(client, encryption, request.sessionToken, clock());
        if (session === undefined) return;
        if (request.everywhere) await endSessions(client, session.adminId);
        else await endSession(client, session.sessionId);
        await writePlatformAudit(client, session.adminId, {
          action: request.everywhere ? 'admin_signed_out_everywhere' : 'admin_signed_out',
          targetTable: 'admin_users',
          targetId: session.adminId,
        });
      });
      return {};
    },
  };
}
