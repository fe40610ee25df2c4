import { DomainError } from '../shared/errors.ts';

/**
 * customer:<Shopify's id> | staff:<Shopify's id of the user> | admin:<our id> | system | guest. A caller named in
 * another form is refused: a shopper who cannot be identified must never pass for staff.
 */
export const actorPattern =
  /^(?:customer:[1-9]\d{0,19}|staff:\d{1,20}|admin:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|system|guest)$/;

/** Who is calling, as the verified token says. */
export interface Caller {
  /** The tenant that the call acts on; null on platform calls. */
  readonly merchantId: string | null;
  /** Matches `actorPattern`. */
  readonly actor: string;
  readonly scopes: ReadonlySet<string>;
  readonly requestId: string;
}

export interface CallerContext {
  caller: Caller;
}

/** The tenant of a call; methods whose policy demands one always have it. */
export function tenantOf(context: CallerContext): string {
  const { merchantId } = context.caller;
  if (merchantId === null)
    throw new DomainError('unauthenticated', { message: 'the token names no merchant' });
  return merchantId;
}

/** Shopify's id of the shopper who calls, or undefined for a guest. */
export function shopperOf(context: CallerContext): string | undefined {
  return /^customer:([1-9]\d{0,19})$/.exec(context.caller.actor)?.[1];
}

/** The admin who calls, as the token says. */
export function adminOf(context: CallerContext): string {
  const id = /^admin:([0-9a-f-]{36})$/.exec(context.caller.actor)?.[1];
  if (id === undefined) throw new DomainError('forbidden', { message: 'the caller is no admin' });
  return id;
}
