import { DomainError } from './errors.ts';

/** Who is calling, as the verified token says. */
export interface Caller {
  /** The tenant that the call acts on; null on platform calls. */
  readonly merchantId: string | null;
  /** customer:<shopify id> | staff:<id> | admin:<id> | system | guest */
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
  return /^customer:(\d{1,20})$/.exec(context.caller.actor)?.[1];
}
