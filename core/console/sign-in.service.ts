import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import type {
  AdminSession,
  ChangeAdminPasswordRequest,
  ConfirmAdminCodeRequest,
  ConfirmAdminEnrolmentRequest,
  ConfirmAdminEnrolmentResponse,
  EndAdminSessionRequest,
  GetAdminSessionResponse,
  ReplaceAdminAuthenticatorRequest,
  SignInAdminRequest,
} from '#proto/admin/v1/console.ts';
import type { AdminMethods } from '../call/methods.ts';
import { onPlatform } from '../database/platform-transaction.ts';
import { writePlatformAudit } from '../shared/audit.store.ts';
import { invalidInput } from '../shared/errors.ts';
import {
  advance,
  inSession,
  noteFailure,
  refuseIfTooMany,
  refuseTooManyCodes,
  useCode,
  wrong,
  type ConsoleDependencies,
} from './admin-session.ts';
import {
  enableSecondFactor,
  findAdmin,
  setPassword,
  setPendingSecret,
  toAdminMessage,
  type Admin,
} from './admins.store.ts';
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
  type StoredSession,
} from './sessions.store.ts';
import { nextStage, passwordProblem, tryLimits } from './sign-in.rules.ts';
import { acceptedStep, base32, fromBase32, otpauthUri } from './totp.rules.ts';
import { deleteOldTries, forgetTries, type TryKey } from './tries.store.ts';
import type { SignInStage } from '#vocabulary/console.ts';

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

/** How often at most a session's last use is stored. */
const touchEveryMs = 30_000;

/** How LoyalNest staff sign in to the console. */
export function signInMethods(deps: ConsoleDependencies): Methods {
  return {
    signInAdmin: async (request) => ({ session: await signIn(deps, request) }),
    confirmAdminCode: async (request) => ({ session: await confirmCode(deps, request) }),
    getAdminSession: ({ sessionToken }) =>
      inSession(deps, sessionToken, anyStage, (client, session, admin) =>
        readSession(deps, client, session, admin),
      ),
    beginAdminEnrolment: ({ sessionToken }) =>
      inSession(deps, sessionToken, ['enrolment'], (client, _session, admin) =>
        beginEnrolment(deps, client, admin),
      ),
    confirmAdminEnrolment: (request) => confirmEnrolment(deps, request),
    changeAdminPassword: async (request) => ({ session: await changePassword(deps, request) }),
    replaceAdminAuthenticator: async (request) => ({
      session: await replaceAuthenticator(deps, request),
    }),
    endAdminSession: async (request) => {
      await signOut(deps, request);
      return {};
    },
  };
}

const anyStage: readonly SignInStage[] = [
  'second_factor',
  'new_password',
  'enrolment',
  'signed_in',
];

/** @throws DomainError unauthenticated, as slowly for an unknown name */
async function signIn(
  deps: ConsoleDependencies,
  { login, password, address }: SignInAdminRequest,
): Promise<AdminSession> {
  const { pool, blindIndex, encryption, clock } = deps;
  const name = login.trim().toLowerCase();
  const keys: TryKey[] = [
    { key: `login ${name} from ${address}`, limit: tryLimits.accountAndAddress },
    { key: `login ${name}`, limit: tryLimits.account },
    { key: `from ${address}`, limit: tryLimits.address },
  ];
  await refuseIfTooMany(deps, keys);
  const admin = await findAdmin(pool, deps, login);
  const isRight = await (admin === undefined
    ? wasteAsMuchTime(password)
    : isPassword(password, admin.passwordHash));
  const isExpired =
    admin?.passwordExpiresAt !== null && (admin?.passwordExpiresAt ?? clock()) <= clock();
  if (admin === undefined || !isRight || admin.status !== 'active' || isExpired) {
    if (admin !== undefined) await noteFailure(deps, admin.adminId, 'admin_sign_in_failed');
    throw wrong('password');
  }
  return onPlatform(pool, async (client) => {
    await forgetTries(client, blindIndex, keys);
    await deleteOldTries(client, clock());
    await deleteEndedSessions(client, clock());
    const stage = nextStage(admin, { secondFactor: false });
    return putSession(client, encryption, { adminId: admin.adminId, stage }, clock());
  });
}

async function confirmCode(
  deps: ConsoleDependencies,
  { sessionToken, code }: ConfirmAdminCodeRequest,
): Promise<AdminSession> {
  const stages: SignInStage[] = ['second_factor'];
  const keys = await refuseTooManyCodes(deps, sessionToken, stages);
  const { session, adminId } = await inSession(
    deps,
    sessionToken,
    stages,
    async (client, current, admin) => {
      const isRight = await useCode(deps, client, admin, code);
      if (isRight) await forgetTries(client, deps.blindIndex, keys);
      return {
        adminId: admin.adminId,
        session: isRight ? await advance(deps, client, current, admin) : undefined,
      };
    },
  );
  if (session === undefined) {
    // A caller who gets this far knows the password.
    await noteFailure(deps, adminId, 'admin_code_failed');
    throw wrong('code');
  }
  return session;
}

async function readSession(
  { clock }: ConsoleDependencies,
  client: PoolClient,
  session: StoredSession,
  admin: Admin,
): Promise<GetAdminSessionResponse> {
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
}

/** The secret of an authenticator that is not confirmed yet. */
async function beginEnrolment(deps: ConsoleDependencies, client: PoolClient, admin: Admin) {
  // The same until it is confirmed: after a reload of the page it may have been typed already.
  const secret = admin.mfaSecret ?? base32(randomBytes(20));
  if (admin.mfaSecret === null) await setPendingSecret(client, deps, admin.adminId, secret);
  return { secret, otpauthUri: otpauthUri(secret, admin.username) };
}

async function confirmEnrolment(
  deps: ConsoleDependencies,
  { sessionToken, code }: ConfirmAdminEnrolmentRequest,
): Promise<ConfirmAdminEnrolmentResponse> {
  const stages: SignInStage[] = ['enrolment'];
  const keys = await refuseTooManyCodes(deps, sessionToken, stages);
  return inSession(deps, sessionToken, stages, async (client, session, admin) => {
    const step =
      admin.mfaSecret === null
        ? undefined
        : acceptedStep(fromBase32(admin.mfaSecret), code.trim(), deps.clock(), null);
    if (step === undefined) throw wrong('code');
    await forgetTries(client, deps.blindIndex, keys);
    const recoveryCodes = newRecoveryCodes();
    await enableSecondFactor(
      client,
      admin.adminId,
      step,
      recoveryCodes.map((recoveryCode) => hashRecoveryCode(admin.adminId, recoveryCode)),
    );
    await writePlatformAudit(client, admin.adminId, {
      action: 'admin_mfa_enabled',
      targetTable: 'admin_users',
      targetId: admin.adminId,
    });
    return {
      session: await advance(deps, client, session, { ...admin, mfaEnabled: true }),
      recoveryCodes,
    };
  });
}

/** All other sessions of theirs end with the old password. */
async function changePassword(
  deps: ConsoleDependencies,
  { sessionToken, currentPassword, newPassword }: ChangeAdminPasswordRequest,
): Promise<AdminSession> {
  const stages: SignInStage[] = ['new_password', 'signed_in'];
  const keys = await refuseTooManyCodes(deps, sessionToken, stages);
  const passwordHash = await hashPassword(newPassword);
  return inSession(deps, sessionToken, stages, async (client, current, admin) => {
    if (current.stage === 'signed_in' && !(await isPassword(currentPassword, admin.passwordHash)))
      throw wrong('current_password');
    const problem = passwordProblem(newPassword, admin);
    if (problem !== undefined) throw invalidInput('new_password', problem);
    if (await isPassword(newPassword, admin.passwordHash))
      throw invalidInput('new_password', 'unchanged');
    await forgetTries(client, deps.blindIndex, keys);
    await setPassword(client, admin.adminId, passwordHash, null);
    await endSessions(client, admin.adminId, current.sessionId);
    await writePlatformAudit(client, admin.adminId, {
      action: 'admin_password_changed',
      targetTable: 'admin_users',
      targetId: admin.adminId,
    });
    return current.stage === 'signed_in'
      ? renewToken(client, deps.encryption, current)
      : advance(deps, client, current, { ...admin, mustChangePassword: false });
  });
}

/** All other sessions of theirs end with the old authenticator. */
async function replaceAuthenticator(
  deps: ConsoleDependencies,
  { sessionToken, password, code }: ReplaceAdminAuthenticatorRequest,
): Promise<AdminSession> {
  const stages: SignInStage[] = ['signed_in'];
  const keys = await refuseTooManyCodes(deps, sessionToken, stages);
  return inSession(deps, sessionToken, stages, async (client, current, admin) => {
    if (!(await isPassword(password, admin.passwordHash))) throw wrong('password');
    if (!(await useCode(deps, client, admin, code))) throw wrong('code');
    await forgetTries(client, deps.blindIndex, keys);
    await setPendingSecret(client, deps, admin.adminId, null);
    await endSessions(client, admin.adminId, current.sessionId);
    await writePlatformAudit(client, admin.adminId, {
      action: 'admin_mfa_replaced',
      targetTable: 'admin_users',
      targetId: admin.adminId,
      severity: 'warning',
    });
    return advance(deps, client, current, { ...admin, mfaEnabled: false });
  });
}

async function signOut(
  { pool, encryption, clock }: ConsoleDependencies,
  { sessionToken, everywhere }: EndAdminSessionRequest,
): Promise<void> {
  await onPlatform(pool, async (client) => {
    const session = await findSession(client, encryption, sessionToken, clock());
    if (session === undefined) return;
    if (everywhere) await endSessions(client, session.adminId);
    else await endSession(client, session.sessionId);
    await writePlatformAudit(client, session.adminId, {
      action: everywhere ? 'admin_signed_out_everywhere' : 'admin_signed_out',
      targetTable: 'admin_users',
      targetId: session.adminId,
    });
  });
}
