// Which access scope Shopify asks for, by the type that is read and by mutation.
import { GraphQLError } from 'graphql';

const READ: Readonly<Record<string, string>> = {
  Customer: 'read_customers',
  CustomerConnection: 'read_customers',
  Order: 'read_orders',
  OrderConnection: 'read_orders',
  Refund: 'read_orders',
  LineItem: 'read_orders',
  LineItemConnection: 'read_orders',
  Product: 'read_products',
  ProductConnection: 'read_products',
  ProductVariant: 'read_products',
  ProductVariantConnection: 'read_products',
  DiscountCodeNode: 'read_discounts',
  DiscountCodeNodeConnection: 'read_discounts',
  DiscountNode: 'read_discounts',
  DiscountNodeConnection: 'read_discounts',
  DiscountRedeemCodeBulkCreation: 'read_discounts',
  GiftCard: 'read_gift_cards',
  GiftCardConnection: 'read_gift_cards',
  StoreCreditAccountConnection: 'read_store_credit_accounts',
  ShopLocale: 'read_locales',
};
const ROOT: Readonly<Record<string, string>> = {
  customersCount: 'read_customers',
  ordersCount: 'read_orders',
};
const WRITE: readonly [RegExp, string][] = [
  [/^discount/, 'write_discounts'],
  [/^customer/, 'write_customers'],
  [/^giftCard/, 'write_gift_cards'],
  [/^storeCreditAccount/, 'write_store_credit_account_transactions'],
];

export function holds(granted: readonly string[], scope: string): boolean {
  return (
    granted.includes(scope) ||
    (scope.startsWith('read_') && granted.includes(scope.replace('read_', 'write_')))
  );
}

/** Shopify's refusal of a field whose scope is missing. */
export function accessDenied(field: string, scope: string): GraphQLError {
  return new GraphQLError(
    `Access denied for ${field} field. Required access: \`${scope}\` access scope.`,
    {
      extensions: {
        code: 'ACCESS_DENIED',
        documentation: 'https://shopify.dev/api/usage/access-scopes',
        requiredAccess: `\`${scope}\` access scope.`,
      },
    },
  );
}

/** The scope a field needs, or undefined. */
export function scopeOf(
  parent: 'query' | 'mutation' | 'object',
  field: string,
  returns: string,
): string | undefined {
  if (parent === 'mutation') return WRITE.find(([pattern]) => pattern.test(field))?.[1];
  return (parent === 'query' ? ROOT[field] : undefined) ?? READ[returns];
}
