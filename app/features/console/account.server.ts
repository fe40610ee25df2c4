import { data } from '@remix-run/node';
import { keep, proceed, signOut } from './console-request.server.ts';
import type { ConsoleRequest, Visit } from './console-request.server.ts';
import { textOf } from './form-text.ts';
import { qrCodeOf } from './qr-path.server.ts';

export async function signIn({ platform, address }: Visit, form: FormData): Promise<Response> {
  const { session } = await platform.admin.signInAdmin({
    login: textOf(form, 'login').slice(0, 320),
    password: textOf(form, 'password'),
    address: address.slice(0, 64),
  });
  return proceed(session);
}

export async function confirmCode(asked: ConsoleRequest, form: FormData): Promise<Response> {
  const { session } = await asked.platform.admin.confirmAdminCode({
    sessionToken: asked.token,
    code: textOf(form, 'code').slice(0, 64),
  });
  return proceed(session);
}

export async function loadEnrolment({ csrf, stage, token, platform }: ConsoleRequest) {
  if (stage !== 'enrolment') return { csrf, enrolment: null };
  const { secret, otpauthUri } = await platform.admin.beginAdminEnrolment({ sessionToken: token });
  return { csrf, enrolment: { secret, otpauthUri, qrCode: qrCodeOf(otpauthUri) } };
}

export async function enrol(asked: ConsoleRequest, form: FormData) {
  if (asked.stage === 'new_password') {
    const { session } = await asked.platform.admin.changeAdminPassword({
      sessionToken: asked.token,
      currentPassword: '',
      newPassword: textOf(form, 'newPassword'),
    });
    return proceed(session);
  }
  const { session, recoveryCodes } = await asked.platform.admin.confirmAdminEnrolment({
    sessionToken: asked.token,
    code: textOf(form, 'code').slice(0, 64),
  });
  return data({ ok: true as const, recoveryCodes }, { headers: await keep(session) });
}

export function loadAccount({ csrf, expiresAt, recoveryCodesLeft }: ConsoleRequest) {
  return Promise.resolve({ csrf, expiresAt, recoveryCodesLeft });
}

export async function changeAccount(asked: ConsoleRequest, form: FormData) {
  const { platform, token: sessionToken } = asked;
  switch (textOf(form, 'intent')) {
    case 'password': {
      const { session } = await platform.admin.changeAdminPassword({
        sessionToken,
        currentPassword: textOf(form, 'currentPassword'),
        newPassword: textOf(form, 'newPassword'),
      });
      return data({ ok: true as const }, { headers: await keep(session) });
    }
    case 'authenticator': {
      const { session } = await platform.admin.replaceAdminAuthenticator({
        sessionToken,
        password: textOf(form, 'currentPassword'),
        code: textOf(form, 'code').slice(0, 64),
      });
      return proceed(session);
    }
    default:
      return signOut(asked, textOf(form, 'intent') === 'everywhere');
  }
}
