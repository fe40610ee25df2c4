import { Status } from 'nice-grpc';

/** The closed list of ways in which a call may fail. The app has the twin of this record, code to HTTP status. */
const statusByCode = {
  invalid_input: Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  forbidden: Status.PERMISSION_DENIED,
  plan_required: Status.FAILED_PRECONDITION,
  not_found: Status.NOT_FOUND,
  insufficient_points: Status.FAILED_PRECONDITION,
  reward_unavailable: Status.FAILED_PRECONDITION,
  order_not_recorded: Status.FAILED_PRECONDITION,
  idempotency_conflict: Status.ALREADY_EXISTS,
  // Somebody else saved what this caller had open.
  edit_conflict: Status.FAILED_PRECONDITION,
  contention: Status.ABORTED,
  rate_limited: Status.RESOURCE_EXHAUSTED,
  // Not RESOURCE_EXHAUSTED: callers repeat that one for a day, and a body does not shrink by waiting.
  payload_too_large: Status.INVALID_ARGUMENT,
  resource_exhausted: Status.RESOURCE_EXHAUSTED,
  unavailable: Status.UNAVAILABLE,
  internal: Status.INTERNAL,
} as const satisfies Record<string, Status>;

export type ErrorCode = keyof typeof statusByCode;

export function grpcStatusOf(code: ErrorCode): Status {
  return statusByCode[code];
}

export interface DomainErrorDetails {
  /** The offending field as a path into the request message, in the proto's spelling: `order.lines[0].quantity`. */
  readonly field?: string;
  /** For people who operate the service: no personal data, no secrets. */
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

/** Also the answer to another tenant's id: whether it exists is not told. */
export function notFound(field: string): DomainError {
  return new DomainError('not_found', { field, message: `${field} is not known` });
}

export function invalidInput(field: string, message: string): DomainError {
  return new DomainError('invalid_input', { field, message });
}

const contentionStates = new Set(['40001', '40P01', '55P03']);
const awayErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Tells what a failure means to the caller: our own errors as they are, a busy or absent database as
 * something worth repeating, all else undefined (a bug).
 */
export function domainErrorOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'QueueFullError')
    return new DomainError('resource_exhausted', { message: error.message, cause: error });
  if (error.name === 'ClosedError')
    return new DomainError('unavailable', { message: error.message, cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (contentionStates.has(code)) {
    return new DomainError('contention', {
      message: 'the rows were being changed by others',
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

/** Connection exceptions (08), too many connections (53), server shutting down or statement timeout (57). */
function isDatabaseAway(code: string, message: string): boolean {
  if (/^(08|53|57)[0-9A-Z]{3}$/.test(code) || awayErrors.has(code)) return true;
  return (
    message.includes('timeout exceeded when trying to connect') ||
    message.includes('Connection terminated') ||
    message.includes('Cannot use a pool after calling end')
  );
}
