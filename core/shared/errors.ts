import { Status } from 'nice-grpc';
import type { ErrorCode } from '#vocabulary/errors.ts';

/** The app has the twin of this record, code to HTTP status. */
const statusByCode: Readonly<Record<ErrorCode, Status>> = {
  invalid_input: Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  forbidden: Status.PERMISSION_DENIED,
  plan_required: Status.FAILED_PRECONDITION,
  not_found: Status.NOT_FOUND,
  insufficient_points: Status.FAILED_PRECONDITION,
  reward_unavailable: Status.FAILED_PRECONDITION,
  not_participating: Status.FAILED_PRECONDITION,
  order_not_recorded: Status.FAILED_PRECONDITION,
  idempotency_conflict: Status.ALREADY_EXISTS,
  edit_conflict: Status.FAILED_PRECONDITION,
  contention: Status.ABORTED,
  rate_limited: Status.RESOURCE_EXHAUSTED,
  // Not RESOURCE_EXHAUSTED: callers retry that one for a day, and a body does not shrink by waiting.
  payload_too_large: Status.INVALID_ARGUMENT,
  resource_exhausted: Status.RESOURCE_EXHAUSTED,
  unavailable: Status.UNAVAILABLE,
  internal: Status.INTERNAL,
};

export function grpcStatusOf(code: ErrorCode): Status {
  return statusByCode[code];
}

export interface DomainErrorDetails {
  /** The offending field as a path into the request message, in the proto's spelling: `order.lines[0].quantity`. */
  readonly field?: string;
  /** For operators: no personal data, no secrets. */
  readonly message?: string;
  readonly cause?: unknown;
}

/** What core throws on purpose. Anything else that reaches the edge is a bug and stays opaque. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly field: string;

  constructor(code: ErrorCode, details: DomainErrorDetails = {}) {
    super(
      details.message ?? code,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = 'DomainError';
    this.code = code;
    this.field = details.field ?? '';
  }
}

/** Also the answer to another tenant's id: whether it exists is not revealed. */
export function notFound(field: string): DomainError {
  return new DomainError('not_found', { field, message: `${field} is not known` });
}

/** The merchant excludes this customer from the program. */
export function notParticipating(): DomainError {
  return new DomainError('not_participating', {
    field: 'customer_id',
    message: 'the customer takes no part in the program',
  });
}

export function invalidInput(field: string, message: string): DomainError {
  return new DomainError('invalid_input', { field, message });
}

/** Prisma's P2034 is a serialization failure or a deadlock. */
const contentionStates = new Set(['40001', '40P01', '55P03', 'P2034']);
const awayErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Prisma: not reachable, timed out, closed, no connection or transaction to be had in time.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
]);

/**
 * Maps a failure for the caller: our own errors as they are, a busy or unavailable database as retryable,
 * all else undefined (a bug).
 */
export function domainErrorOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'QueueFullError' || error.name === 'OverloadedError')
    return new DomainError('resource_exhausted', { message: error.message, cause: error });
  if (error.name === 'ClosedError')
    return new DomainError('unavailable', { message: error.message, cause: error });
  const code = codeOf(error);
  if (contentionStates.has(code)) {
    return new DomainError('contention', {
      message: 'the rows were being changed by others',
      cause: error,
    });
  }
  // Text, a number or a time that the database cannot hold and the edge let through. The value itself is not repeated.
  if (/^22[0-9A-Z]{3}$/.test(code)) {
    return new DomainError('invalid_input', {
      message: 'a value cannot be stored as it is',
      cause: error,
    });
  }
  if (isDatabaseAway(code, error.message)) {
    return new DomainError('unavailable', {
      message: 'the database cannot be reached',
      cause: error,
    });
  }
  return undefined;
}

/** Of the driver, or of what Prisma wraps the driver's error in. */
function codeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '' && code !== 'P2010') return code;
  const cause = error.cause;
  if (cause instanceof Error) return codeOf(cause) || code;
  if (typeof cause === 'object' && cause !== null && 'originalCode' in cause)
    return String(cause.originalCode);
  return code;
}

/** The driver's messages for a connection that is gone, or that could not be opened: these errors carry no code. */
const awayMessages = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after calling end',
  'Query read timeout',
];

/**
 * Connection exceptions (08), too many connections (53), server shutting down or statement timeout (57), transaction
 * ended for idling (25P03).
 */
function isDatabaseAway(code: string, message: string): boolean {
  if (/^(08|53|57)[0-9A-Z]{3}$/.test(code) || code === '25P03' || awayErrors.has(code)) return true;
  return awayMessages.some((words) => message.includes(words));
}
