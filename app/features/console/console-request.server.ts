import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  createCookie,
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/node';
import type { AdminSession, AdminUser } from '#proto/admin/v1/console.ts';
import { isInRanges } from '../../address-ranges.ts';
import { callLimiter } from '../../cache/limiters.server.ts';
import { coreClients, platformClients } from '../../core-client/clients.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { CoreError, httpStatusOf } from '../../core-client/errors.server.ts';
import type { CoreErrorCode } from '../../core-client/errors.server.ts';
import { env } from '../../env.server.ts';
import { formOf } from '../../form-of.server.ts';
import { log } from '../../log.server.ts';
import { pageOfStage } from './stages.ts';
import { textOf } from './form-text.ts';
import type { ConsoleScope, SignInStage } from '#vocabulary/console.ts';

const cookie = createCookie('loyalnest_console', {
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'strict',
});

const asking = callLimiter('console', 100);

/** For callers before sign-in. */
export interface Visit {
  readonly request: Request;
  readonly url: URL;
  readonly requestId: string;
  readonly address: string;
  /** Calls of the web server itself: signing people in and out. */
  readonly platform: CoreClients;
}

/** For a session at a certain sign-in stage. */
export interface ConsoleRequest extends Visit {
  readonly token: string;
  readonly csrf: string;
  readonly stage: string;
  readonly expiresAt: string;
  readonly admin: AdminUser;
  readonly recoveryCodesLeft: number;
  /** Acts as this person, with what their role gives them. */
  readonly core: CoreClients;
}

/** The answer to a form that was not carried out. */
export interface ConsoleRefusal {
  readonly ok: false;
  readonly code: CoreErrorCode;
  readonly field: string;
  /** Core's own short word for it, where the page has words for that. */
  readonly detail: string;
}

interface Demand {
  readonly stages?: readonly SignInStage[];
  readonly scope?: ConsoleScope;
}

function visitOf({ request }: LoaderFunctionArgs | ActionFunctionArgs): Visit {
  const requestId = request.headers.get('x-request-id') ?? randomUUID();
  const address = request.headers.get('x-client-address') ?? '';
  if (!isInRanges(address, env().CONSOLE_ALLOWED_IPS)) throw failed('forbidden');
  return {
    request,
    url: new URL(request.url),
    requestId,
    address,
    platform: platformClients(requestId),
  };
}

async function open(visit: Visit, { stages = ['signed_in'], scope }: Demand) {
  const token: unknown = await cookie.parse(visit.request.headers.get('cookie'));
  if (typeof token !== 'string') throw await toSignIn();
  const session = await visit.platform.admin
    .getAdminSession({ sessionToken: token })
    .catch(async (error: unknown) => {
      if (error instanceof CoreError && error.code === 'unauthenticated') throw await toSignIn();
      throw error;
    });
  const { admin } = session;
  const stage = session.session?.stage ?? '';
  if (admin === undefined) throw await toSignIn();
  if (!(await asking.admit(admin.adminId))) throw failed('rate_limited');
  if (!stages.some((allowed) => allowed === stage)) throw to(pageOfStage(stage));
  if (scope !== undefined && !admin.scopes.includes(scope)) throw failed('forbidden');
  const opened: ConsoleRequest = {
    ...visit,
    token,
    csrf: csrfOf(token),
    stage,
    expiresAt: session.session?.expiresAt ?? '',
    admin,
    recoveryCodesLeft: session.recoveryCodesLeft,
    core: coreClients({
      merchantId: null,
      actor: `admin:${admin.adminId}`,
      scopes: admin.scopes,
      requestId: visit.requestId,
    }),
  };
  return opened;
}

/** Derived from the session's token, which no other site can read. */
function csrfOf(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

/** Checks that a form came from our own page, with its CSRF token. */
function refuseForeignForms(visit: Visit, form: FormData, expected: string | undefined): void {
  const origin = visit.request.headers.get('origin') ?? '';
  const own = [visit.url.host, new URL(env().SHOPIFY_APP_URL).host];
  const isOwn = URL.canParse(origin) && own.includes(new URL(origin).host);
  if (!isOwn || visit.request.headers.get('sec-fetch-site') === 'cross-site')
    throw failed('forbidden');
  if (expected === undefined) return;
  const given = Buffer.from(textOf(form, 'csrf'));
  const wanted = Buffer.from(expected);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw failed('forbidden');
}

function failed(code: CoreErrorCode): Response {
  return Response.json({ code }, { status: httpStatusOf(code) });
}

function to(page: string): Response {
  return redirect(page);
}

async function toSignIn(): Promise<Response> {
  return redirect('/console/sign-in', {
    headers: { 'set-cookie': await cookie.serialize('', { maxAge: 0 }) },
  });
}

/** Redirects to the page of the session's stage, with its new token. */
export async function proceed(session: AdminSession | undefined): Promise<Response> {
  if (session === undefined) return toSignIn();
  return redirect(pageOfStage(session.stage), { headers: await keep(session) });
}

export async function keep(session: AdminSession | undefined): Promise<Record<string, string>> {
  return { 'set-cookie': await cookie.serialize(session?.sessionToken ?? '') };
}

export async function signOut(asked: ConsoleRequest, everywhere: boolean): Promise<Response> {
  await asked.platform.admin.endAdminSession({ sessionToken: asked.token, everywhere });
  return toSignIn();
}

function isAnswer(error: unknown): boolean {
  return (
    error instanceof Response ||
    (typeof error === 'object' &&
      error !== null &&
      'type' in error &&
      error.type === 'DataWithResponseInit')
  );
}

function refusalOf(error: unknown, requestId: string): ConsoleRefusal {
  if (error instanceof CoreError)
    return { ok: false, code: error.code, field: error.field, detail: error.message };
  log().error({ err: error, requestId }, 'the console failed');
  return { ok: false, code: 'internal', field: '', detail: '' };
}

async function guarded<Result>(requestId: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isAnswer(error)) throw error;
    throw failed(refusalOf(error, requestId).code);
  }
}

async function carriedOut<Result>(requestId: string, work: () => Promise<Result>) {
  try {
    return await work();
  } catch (error) {
    if (isAnswer(error)) throw error;
    const refusal = refusalOf(error, requestId);
    return data(refusal, { status: httpStatusOf(refusal.code) });
  }
}

export function visitorLoader<Result>(load: (visit: Visit) => Promise<Result>) {
  return (args: LoaderFunctionArgs) => {
    const visit = visitOf(args);
    return guarded(visit.requestId, () => load(visit));
  };
}

export function visitorAction<Result>(act: (visit: Visit, form: FormData) => Promise<Result>) {
  return async (args: ActionFunctionArgs) => {
    const visit = visitOf(args);
    if (!(await asking.admit(visit.address))) throw failed('rate_limited');
    const form = await guarded(visit.requestId, () => formOf(args.request));
    refuseForeignForms(visit, form, undefined);
    return carriedOut(visit.requestId, () => act(visit, form));
  };
}

export function consoleLoader<Result>(
  load: (asked: ConsoleRequest) => Promise<Result>,
  demand: Demand = {},
) {
  return (args: LoaderFunctionArgs) => {
    const visit = visitOf(args);
    return guarded(visit.requestId, async () => load(await open(visit, demand)));
  };
}

export function consoleAction<Result>(
  act: (asked: ConsoleRequest, form: FormData) => Promise<Result>,
  demand: Demand = {},
) {
  return async (args: ActionFunctionArgs) => {
    const visit = visitOf(args);
    const asked = await guarded(visit.requestId, () => open(visit, demand));
    const form = await guarded(visit.requestId, () => formOf(args.request));
    refuseForeignForms(visit, form, asked.csrf);
    return carriedOut(visit.requestId, () => act(asked, form));
  };
}
