import type {
  CheckoutGoods,
  CheckoutPoints,
  History,
  RedeemRequest,
  Redemption,
  PosMember,
  Widget,
} from './contract.ts';

/** Why a call failed: the app's error code, or that it was not reached. */
export class AppFailure extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'AppFailure';
    this.code = code;
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof AppFailure ? error.code : 'unreachable';

export interface AppClientOptions {
  readonly appUrl: string;
  /** Requested for each call: Shopify caches and renews it. */
  readonly token: () => Promise<string | undefined>;
  readonly locale: () => string;
}

type Query = Readonly<Record<string, string>>;

/** The app's addresses for extensions. Only Shopify's token identifies the caller. */
export function createAppClient({ appUrl, token, locale }: AppClientOptions) {
  async function ask<Answer>(path: string, query: Query = {}, body?: unknown): Promise<Answer> {
    const signed = await token();
    // Staff without access to the app have none.
    if (signed === undefined) throw new AppFailure('unauthenticated');
    const parameters = new URLSearchParams({ locale: locale(), ...query });
    const response = await fetch(`${appUrl}/extension/${path}?${parameters.toString()}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${signed}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as Answer;
    const refusal = (await response.json().catch(() => ({}))) as { error?: { code?: string } };
    throw new AppFailure(refusal.error?.code ?? 'internal');
  }

  interface Redeemed {
    readonly redemption: Redemption;
  }
  async function redemptionOf(path: string, body?: unknown): Promise<Redemption> {
    return (await ask<Redeemed>(path, {}, body)).redemption;
  }
  const redemptions = (under: '' | 'pos/') => ({
    status: (id: string) => redemptionOf(`${under}redemptions/${id}`),
    giveBack: (id: string) => redemptionOf(`${under}redemptions/${id}/return`, {}),
  });

  return {
    checkout: (goods: CheckoutGoods) => ask<CheckoutPoints>('checkout', {}, goods),
    widget: () => ask<Widget>('widget'),
    history: (query: { cursor?: string; order_id?: string } = {}) => ask<History>('history', query),
    shopper: {
      ...redemptions(''),
      redeem: (request: RedeemRequest) => redemptionOf('redeem', request),
    },
    pos: {
      ...redemptions('pos/'),
      member: (customer: string) => ask<PosMember>('pos/member', { customer }),
      redeem: (request: RedeemRequest & { customer: string }) =>
        redemptionOf('pos/redeem', request),
    },
  };
}

export type AppClient = ReturnType<typeof createAppClient>;
