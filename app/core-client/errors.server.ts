import { Status } from 'nice-grpc';
import type { Problem } from '#proto/common/v1/common.ts';
import type { ErrorCode } from '#vocabulary/errors.ts';

/** Core's error codes, and `timeout`, which is the client's. */
export type CoreErrorCode = ErrorCode | 'timeout';

/** The twin of core's record (core/shared/errors.ts), code to HTTP. */
const httpStatusByCode: Readonly<Record<CoreErrorCode, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  plan_required: 402,
  not_found: 404,
  insufficient_points: 409,
  reward_unavailable: 409,
  not_participating: 403,
  order_not_recorded: 409,
  idempotency_conflict: 409,
  edit_conflict: 409,
  contention: 503,
  rate_limited: 429,
  payload_too_large: 413,
  resource_exhausted: 503,
  unavailable: 503,
  timeout: 504,
  internal: 500,
};

export function httpStatusOf(code: CoreErrorCode): number {
  return httpStatusByCode[code];
}

function isCode(text: string | undefined): text is CoreErrorCode {
  return text !== undefined && Object.hasOwn(httpStatusByCode, text);
}

/** The code of a call that failed without one of core's: network, proxy or deadline. */
const codeByStatus: Partial<Record<Status, CoreErrorCode>> = {
  [Status.INVALID_ARGUMENT]: 'invalid_input',
  [Status.UNAUTHENTICATED]: 'unauthenticated',
  [Status.PERMISSION_DENIED]: 'forbidden',
  [Status.NOT_FOUND]: 'not_found',
  [Status.ALREADY_EXISTS]: 'idempotency_conflict',
  [Status.ABORTED]: 'contention',
  [Status.RESOURCE_EXHAUSTED]: 'resource_exhausted',
  [Status.UNAVAILABLE]: 'unavailable',
  [Status.DEADLINE_EXCEEDED]: 'timeout',
};

/** A refused or failed call to core. */
export class CoreError extends Error {
  readonly code: CoreErrorCode;
  /** The offending field as a path into the request; may be empty. */
  readonly field: string;
  readonly status: Status;
  readonly requestId: string;

  constructor(
    code: CoreErrorCode,
    details: {
      field?: string;
      message?: string;
      status?: Status;
      requestId?: string;
      cause?: unknown;
    } = {},
  ) {
    super(
      details.message ?? code,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = 'CoreError';
    this.code = code;
    this.field = details.field ?? '';
    this.status = details.status ?? Status.UNKNOWN;
    this.requestId = details.requestId ?? '';
  }

  /** Core is down or busy: retrying makes sense. */
  get isTransient(): boolean {
    return transient.has(this.code);
  }
}

const transient: ReadonlySet<CoreErrorCode> = new Set([
  'contention',
  'rate_limited',
  'resource_exhausted',
  'unavailable',
  'timeout',
]);

export function coreErrorFrom(
  failure: { code: Status; details: string },
  trailer: (key: string) => string | undefined,
  cause: unknown,
): CoreError {
  const named = trailer('loyalnest-error-code');
  return new CoreError(isCode(named) ? named : (codeByStatus[failure.code] ?? 'internal'), {
    field: trailer('loyalnest-error-field') ?? '',
    requestId: trailer('loyalnest-request-id') ?? '',
    message: failure.details,
    status: failure.code,
    cause,
  });
}

/** Why one item of a batch call was refused. */
export function coreErrorOf({ code, field, message }: Problem): CoreError {
  return new CoreError(isCode(code) ? code : 'internal', { field, message });
}

/** The shape of every JSON error response. */
export function errorBody(error: CoreError): {
  error: { code: CoreErrorCode; message: string; field: string };
} {
  // Messages of failures that the caller did not cause are for operators.
  const message = httpStatusOf(error.code) >= 500 ? error.code : error.message;
  return { error: { code: error.code, message, field: error.field } };
}
