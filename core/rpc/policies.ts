/** Who may call a method. `system` (the worker, and the web server on Shopify's behalf) may call every tenant method. */
export interface Policy {
  readonly tenant: boolean;
  /** One of these is enough. */
  readonly scopes: readonly string[];
  /** Whether a shopper who has not signed in may call it, too. */
  readonly isForGuests?: boolean;
}

export type Policies<Definition extends { methods: object }> = Readonly<
  Record<keyof Definition['methods'], Policy>
>;

export const platform: Policy = { tenant: false, scopes: ['platform'] };
export const tenant = (...scopes: string[]): Policy => ({
  tenant: true,
  scopes: ['system', ...scopes],
});
/** What a shop shows to every visitor. */
export const publicly = (...scopes: string[]): Policy => ({
  ...tenant(...scopes),
  isForGuests: true,
});
export const systemOnly = tenant();
/** LoyalNest staff, by what their role grants; no tenant, and not the worker either. */
export const platformStaff = (...scopes: string[]): Policy => ({ tenant: false, scopes });

/** Of the scopes that a token brings, whether this kind of caller may use one: a shopper never acts as the staff. */
export function canUse(actor: string, scope: string, policy: Policy): boolean {
  const isShoppers = scope.startsWith('customer:');
  if (actor === 'guest') return isShoppers && policy.isForGuests === true;
  if (actor.startsWith('customer:')) return isShoppers || scope === 'system';
  // Neither the staff nor the worker is a shopper: what a shopper's scope allows needs a customer.
  return !isShoppers;
}
