import { fromBase32, hotp, totpStep } from '#core/console/totp.rules.ts';

/** Signs a user in to the console for the first time, as a browser does. */
export async function signInAtConsole(
  webUrl: string,
  login: string,
  oneTimePassword: string,
): Promise<{ cookie: string; csrf: string }> {
  let cookie = '';
  const ask = async (path: string, form?: Record<string, string>) => {
    const response = await fetch(`${webUrl}/console/${path}.data`, {
      redirect: 'manual',
      headers: { cookie, origin: webUrl, 'user-agent': 'Mozilla/5.0 (X11; Linux) Chrome/140' },
      ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return response.text();
  };
  const csrfIn = (text: string) => /"csrf","([\w-]{43})"/.exec(text)?.[1] ?? '';
  await ask('sign-in', { login, password: oneTimePassword });
  const step = async (form: Record<string, string>) =>
    ask('enrol', { ...form, csrf: csrfIn(await ask('enrol')) });
  await step({ newPassword: 'correct horse battery staple' });
  const secret = /secret=([A-Z2-7]{32})/.exec(await ask('enrol'))?.[1] ?? '';
  await step({ code: hotp(fromBase32(secret), totpStep(new Date())) });
  const csrf = csrfIn(await ask('account'));
  if (csrf === '') throw new Error('signing in to the console failed');
  return { cookie, csrf };
}
