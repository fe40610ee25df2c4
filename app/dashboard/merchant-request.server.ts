import { randomUUID } from 'node:crypto';
import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { LRUCache } from 'lru-cache';
import { coreClients, platformClients, type CoreClients } from '../core-client/clients.server.ts';
import { CoreError, httpStatusOf } from '../core-client/errors.server.ts';
import { formOf } from '../form-of.server.ts';
import { installShop } from '../shopify/install-shop.server.ts';
import { log } from '../log.server.ts';
import { createAdminClient } from '../shopify/admin-client.server.ts';
import type { Merchant } from '#proto/admin/v1/admin.ts';
import { authenticateStaff } from '../shopify.server.ts';
import type { Problem } from './problem.ts';
import type { Refusal } from './refusal.ts';

/** Scopes of the shop's staff in the embedded dashboard. */
const STAFF_SCOPES = [
  'admin:setup',
  'admin:points',
  'admin:campaigns',
  'admin:users',
  'admin:analytics',
  'admin:settings',
  'admin:logs',
  'admin:tips',
  'admin:frontend',
  'admin:referrals',
  'admin:templates',
];

/** A request of a signed-in member of the shop's staff. */
export interface MerchantRequest {
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly shopDomain: string;
  readonly merchantId: string;
  /** Acts as this staff member, for this merchant only. */
  readonly core: CoreClients;
  readonly requestId: string;
}

const merchantIds = new LRUCache<string, string>({ max: 10_000, ttl: 60_000 });

// The id of a shop never changes while the shop exists; asking core on each request would be one call of three.
async function merchantIdOf(
  shopDomain: string,
  accessToken: string | undefined,
  requestId: string,
): Promise<string> {
  const known = merchantIds.get(shopDomain);
  if (known !== undefined) return known;
  const merchant =
    (await findMerchant(shopDomain, requestId)) ?? (await install(shopDomain, accessToken));
  merchantIds.set(shopDomain, merchant.merchantId);
  return merchant.merchantId;
}

async function findMerchant(shopDomain: string, requestId: string): Promise<Merchant | undefined> {
  try {
    const { merchant } = await platformClients(requestId).admin.getMerchantByShop({ shopDomain });
    return merchant?.uninstalledAt === '' ? merchant : undefined;
  } catch (error) {
    if (error instanceof CoreError && error.code === 'not_found') return undefined;
    throw error;
  }
}

// Two loaders of the first document authenticate at once, and the second finds the first one's session before its shop
// is installed; and an install that failed half-way must not stay so. Installing is idempotent.
async function install(shop: string, accessToken: string | undefined): Promise<Merchant> {
  if (accessToken === undefined) throw new CoreError('not_found', { field: 'shop_domain' });
  return installShop(
    shop,
    createAdminClient({ shop, accessToken: () => Promise.resolve(accessToken) }),
  );
}

async function open(
  args: LoaderFunctionArgs | ActionFunctionArgs,
  requestId: string,
): Promise<MerchantRequest> {
  const { session, sessionToken } = await authenticateStaff(args.request);
  const merchantId = await merchantIdOf(session.shop, session.accessToken, requestId);
  return {
    request: args.request,
    url: new URL(args.request.url),
    params: args.params,
    shopDomain: session.shop,
    merchantId,
    core: coreClients({
      merchantId,
      actor: `staff:${sessionToken.sub}`,
      scopes: STAFF_SCOPES,
      requestId,
    }),
    requestId,
  };
}

function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id') ?? '';
  return /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
}

/** The problem to show for a failure; bugs are logged and become `internal`. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof CoreError) {
    if (httpStatusOf(error.code) >= 500)
      log().warn({ err: error, requestId }, 'core refused the dashboard');
    return { code: error.code, field: error.field, requestId };
  }
  log().error({ err: error, requestId }, 'the dashboard failed');
  return { code: 'internal', field: '', requestId };
}

/**
 * A loader for signed-in staff. Failures reach the route's error boundary as a {@link Problem}; Shopify's own answers
 * (sign-in, redirects) pass through.
 */
export function merchantLoader<Result>(load: (merchant: MerchantRequest) => Promise<Result>) {
  return merchantLoaderAnyway(load, () => undefined);
}

/**
 * As {@link merchantLoader}, for a page that is shown also while core or the database does not answer: `whenDown` says
 * what is shown then, or undefined where the failure should reach the error boundary after all.
 */
export function merchantLoaderAnyway<Result>(
  load: (merchant: MerchantRequest) => Promise<Result>,
  whenDown: (request: Request, problem: Problem) => Promise<Result> | undefined,
) {
  return async (args: LoaderFunctionArgs): Promise<Result> => {
    const requestId = requestIdOf(args.request);
    try {
      return await load(await open(args, requestId));
    } catch (error) {
      if (!isFailure(error)) throw error;
      const problem = problemOf(error, requestId);
      const isDown = httpStatusOf(problem.code) >= 500;
      const instead = isDown ? whenDown(args.request, problem) : undefined;
      if (instead !== undefined) return instead;
      throw Response.json(problem, { status: httpStatusOf(problem.code) });
    }
  };
}

/** An action for signed-in staff. A failure becomes a {@link Refusal}, so the form keeps what was typed. */
export function merchantAction<Result>(
  act: (merchant: MerchantRequest, form: FormData) => Promise<Result | Refusal>,
) {
  return async (args: ActionFunctionArgs) => {
    const requestId = requestIdOf(args.request);
    try {
      const merchant = await open(args, requestId);
      const result = await act(merchant, await formOf(args.request));
      return data(result, { status: isRefusal(result) ? httpStatusOf(result.problem.code) : 200 });
    } catch (error) {
      if (!isFailure(error)) throw error;
      const problem = problemOf(error, requestId);
      return data<Refusal>(
        { ok: false, problem, fields: {} },
        { status: httpStatusOf(problem.code) },
      );
    }
  };
}

/** An action that answers with a stream. A failure before that is a {@link Refusal} as JSON. */
export function merchantAnswer(
  act: (merchant: MerchantRequest, form: FormData) => Promise<Response | Refusal>,
) {
  return async (args: ActionFunctionArgs): Promise<Response> => {
    const answer = (refusal: Refusal) =>
      Response.json(refusal, { status: httpStatusOf(refusal.problem.code) });
    const requestId = requestIdOf(args.request);
    try {
      const merchant = await open(args, requestId);
      const result = await act(merchant, await formOf(args.request));
      return result instanceof Response ? result : answer(result);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return answer({ ok: false, problem: problemOf(error, requestId), fields: {} });
    }
  };
}

/** The response to an invalid form. */
export function refused(
  merchant: MerchantRequest,
  fields: Readonly<Record<string, string>>,
): Refusal {
  return {
    ok: false,
    problem: { code: 'invalid_input', field: '', requestId: merchant.requestId },
    fields,
  };
}

function isRefusal(result: unknown): result is Refusal {
  return (
    typeof result === 'object' &&
    result !== null &&
    'ok' in result &&
    result.ok === false &&
    'problem' in result
  );
}

/** Responses and `data()` were thrown on purpose. */
function isFailure(error: unknown): boolean {
  if (error instanceof Response) return false;
  return !(
    typeof error === 'object' &&
    error !== null &&
    'type' in error &&
    error.type === 'DataWithResponseInit'
  );
}
