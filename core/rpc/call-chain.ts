import { randomUUID } from 'node:crypto';
import { ServerError } from 'nice-grpc';
import type { CallContext, Metadata, ServerMiddleware, ServerMiddlewareCall } from 'nice-grpc';
import type { z } from 'zod';
import { eachStep } from '../../proto/shared/each-step.ts';
import type { Caller, CallerContext } from '../call/context.ts';
import { inCallScope, scopeFields } from '../database/call-scope.ts';
import type { CallScope } from '../database/call-scope.ts';
import { DomainError, domainErrorOf, grpcStatusOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { ErrorReports } from './error-reports.ts';
import { canUse, type Policy } from './policies.ts';
import { traced } from './telemetry.ts';
import type { CoreMetrics } from './telemetry.ts';
import type { TokenVerifier } from './token.ts';
import { isUnreadable } from './unreadable.ts';
import { parseRequest, requireStorable } from '../call/validation.ts';

/** What is demanded of a call before its method sees it. */
export interface MethodRule {
  readonly policy: Policy;
  readonly schema: z.ZodType | undefined;
}

export interface CallChainOptions {
  /** By path: /admin.v1.AdminService/GetLogs */
  readonly rules: ReadonlyMap<string, MethodRule>;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly metrics: CoreMetrics;
  readonly reportError: ErrorReports['report'];
  readonly isTracing: boolean;
  /** Whether a shop uses the app at present. */
  readonly isInstalled: (merchantId: string) => Promise<boolean>;
}

/**
 * All that is between the wire and a method, as one middleware: request id, authentication, tenant, validation,
 * tracing, errors, metrics, log. One and not six, because each asynchronous generator in the chain costs every call.
 */
export function createCallChain(options: CallChainOptions): ServerMiddleware<CallerContext> {
  const { rules, verifier, logger, metrics, isTracing } = options;
  return async function* chain<Request, Response>(
    call: ServerMiddlewareCall<Request, Response, CallerContext>,
    context: CallContext,
  ) {
    const startedAt = performance.now();
    const requestId = requestIdOf(context.metadata);
    const scope: CallScope = { requestId, queryMilliseconds: 0, signal: context.signal };
    const within = <Value, Result>(answer: AsyncGenerator<Value, Result, undefined>) =>
      eachStep(
        isTracing ? traced(call.method.path, context.metadata, scope, answer) : answer,
        (step) => inCallScope(scope, step),
      );
    let outcome = 'ok';
    try {
      const rule = rules.get(call.method.path);
      if (rule === undefined)
        throw new DomainError('forbidden', { message: 'the method has no policy' });
      const caller = authorize(context.metadata, rule.policy, verifier, requestId);
      if (caller.merchantId !== null) scope.merchantId = caller.merchantId;
      await inCallScope(scope, () => requireInstalled(caller, options.isInstalled));
      if (!call.requestStream && isUnreadable(call.request))
        throw new DomainError('invalid_input', { message: 'the request cannot be read' });
      const extended = Object.assign(context, { caller });
      const customerId = customerOf(call.request);
      if (customerId !== undefined) scope.customerId = customerId;
      const request =
        call.requestStream || rule.schema === undefined
          ? call.request
          : (parseRequest(rule.schema, call.request) as Request);
      if (!call.requestStream && rule.schema === undefined) requireStorable(call.request);
      if (call.responseStream) return yield* within(call.next(request, extended));
      return yield* within(call.next(request, extended));
    } catch (error) {
      if (isAbortError(error)) {
        outcome = 'cancelled';
        throw error;
      }
      const problem = problemOf(error, call.method.path, scope, options);
      outcome = problem.code;
      context.trailer.set('loyalnest-error-code', problem.code);
      context.trailer.set('loyalnest-error-field', problem.field.replace(/[^\x20-\x7e]/g, '?'));
      context.trailer.set('loyalnest-request-id', requestId);
      throw new ServerError(grpcStatusOf(problem.code), problem.message);
    } finally {
      const milliseconds = performance.now() - startedAt;
      metrics.call(call.method.path, outcome, milliseconds);
      tellQueryTime(context, scope);
      logCall(logger, scope, { method: call.method.path, outcome, ms: Math.round(milliseconds) });
    }
  };
}

/** The caller adds it to its own line about the shop's request or job. */
function tellQueryTime(context: CallContext, { merchantId, queryMilliseconds }: CallScope): void {
  if (merchantId !== undefined)
    context.trailer.set('loyalnest-query-milliseconds', queryMilliseconds.toFixed(1));
}

/** From here on a call is logged in production too: its statements should be looked at. */
const slowMs = 250;

function logCall(
  logger: Logger,
  scope: CallScope,
  call: { readonly method: string; readonly outcome: string; readonly ms: number },
): void {
  const queryMilliseconds = Math.round(scope.queryMilliseconds);
  const level = queryMilliseconds >= slowMs ? 'info' : 'debug';
  if (logger.isLevelEnabled(level))
    logger[level]({ ...scopeFields(scope), ...call, queryMilliseconds }, 'call');
}

/** nice-grpc throws it when the caller hung up. */
function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

const ownId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Our id of the member whom a call is about, if its request names one. */
function customerOf(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('customerId' in request))
    return undefined;
  const { customerId } = request;
  return typeof customerId === 'string' && ownId.test(customerId) ? customerId : undefined;
}

/** What the caller sends is kept when it is harmless in a log line, so that one id follows a request everywhere. */
function requestIdOf(metadata: Metadata): string {
  const given = metadata.get('x-request-id');
  return given !== undefined && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

function authorize(
  metadata: Metadata,
  policy: Policy,
  verifier: TokenVerifier,
  requestId: string,
): Caller {
  const header = metadata.get('authorization');
  if (header === undefined)
    throw new DomainError('unauthenticated', { message: 'authorization is missing' });
  if (!header.startsWith('Bearer '))
    throw new DomainError('unauthenticated', { message: 'authorization is not a bearer token' });
  const { merchantId, actor, scopes } = verifier.verify(header.slice('Bearer '.length));
  if (policy.tenant && merchantId === null) {
    throw new DomainError('unauthenticated', { message: 'the token names no merchant' });
  }
  if (!policy.tenant && merchantId !== null) {
    throw new DomainError('forbidden', {
      message: 'a call for the whole platform names no merchant',
    });
  }
  const brought = policy.scopes.filter((scope) => scopes.has(scope));
  if (actor === 'guest' && !brought.some((scope) => canUse(actor, scope, policy))) {
    throw new DomainError('unauthenticated', { message: 'this is for signed-in shoppers' });
  }
  if (!brought.some((scope) => canUse(actor, scope, policy))) {
    throw new DomainError('forbidden', {
      message: `the token lacks the scope ${policy.scopes.join(' or ')}`,
    });
  }
  return { merchantId, actor, scopes, requestId };
}

/**
 * A shop that has uninstalled the app has no shoppers and no staff here any more, whatever the web server remembers of
 * it. Asked each time: an answer that is kept would outlive the uninstall. What the platform does goes on.
 */
async function requireInstalled(
  { merchantId, actor, scopes }: Caller,
  isInstalled: (merchantId: string) => Promise<boolean>,
): Promise<void> {
  if (merchantId === null || scopes.has('system') || !/^(?:customer:|staff:|guest$)/.test(actor))
    return;
  if (!(await isInstalled(merchantId)))
    throw new DomainError('forbidden', { message: 'the shop has uninstalled the app' });
}

/** A bug is logged and reported here and not returned: the caller gets the id to look it up by. */
function problemOf(
  error: unknown,
  method: string,
  scope: CallScope,
  { logger, reportError }: Pick<CallChainOptions, 'logger' | 'reportError'>,
): DomainError {
  const known = domainErrorOf(error);
  if (known === undefined) {
    logger.error({ ...scopeFields(scope), method, err: error }, 'a call failed unexpectedly');
    reportError(error, { ...scope, method });
    return new DomainError('internal', { message: `internal error, request ${scope.requestId}` });
  }
  if (known.cause !== undefined)
    logger.warn(
      { ...scopeFields(scope), method, code: known.code, err: known.cause },
      'a call could not be served',
    );
  return known;
}
