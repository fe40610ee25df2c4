// Webhook bodies of the documented full shape for customers, the shop, the app, discounts, bulk operations and the compliance topics.
import { inShopTime } from './clock.ts';
import { toDecimal } from './money.ts';
import { type Address, type BulkOperation, type Customer, type Discount, gid } from './state.ts';
import { statusOf } from './discounts.ts';
import type { World } from './world.ts';

export type Body = Record<string, unknown>;

export function addressBody(address: Address, customerId: number | null): Body {
  return {
    id: address.id,
    ...(customerId === null ? {} : { customer_id: customerId }),
    first_name: address.firstName,
    last_name: address.lastName,
    company: null,
    address1: address.address1,
    address2: null,
    city: address.city,
    province: address.province,
    country: address.country,
    zip: address.zip,
    phone: address.phone,
    name: `${address.firstName} ${address.lastName}`,
    province_code: address.provinceCode,
    country_code: address.countryCode,
    country_name: address.country,
    default: true,
  };
}

/** A customer. Since 2025-01 a body carries neither consent nor tags, orders_count, total_spent or last_order_id. */
export function customerBody(world: World, customer: Customer): Body {
  const { shop } = world.data,
    addresses = customer.address ? [addressBody(customer.address, customer.id)] : [];
  return {
    id: customer.id,
    created_at: inShopTime(customer.createdAt, shop.timeZone),
    updated_at: inShopTime(customer.updatedAt, shop.timeZone),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: customer.state,
    note: customer.note,
    verified_email: customer.verifiedEmail,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: customer.phone,
    currency: shop.currency,
    addresses,
    tax_exemptions: [],
    admin_graphql_api_id: gid('Customer', customer.id),
    ...(addresses[0] ? { default_address: addresses[0] } : {}),
  };
}
export const customerDeleteBody = (customer: Customer): Body => ({
  id: customer.id,
  tax_exemptions: [],
  admin_graphql_api_id: gid('Customer', customer.id),
});
/** customers_email_marketing_consent/update. */
export const consentBody = (world: World, customer: Customer): Body => ({
  customer_id: customer.id,
  email_address: customer.email,
  email_marketing_consent: {
    state: customer.acceptsMarketing ? 'subscribed' : 'unsubscribed',
    opt_in_level: 'single_opt_in',
    consent_updated_at: inShopTime(world.clock.iso(), world.data.shop.timeZone),
  },
});
/** customer.tags_added and customer.tags_removed, the only topics in camel case. */
export const tagsBody = (world: World, customer: Customer, tags: readonly string[]): Body => ({
  customerId: gid('Customer', customer.id),
  tags,
  occurredAt: new Date(world.clock.now()).toISOString(),
});
export type MergeStatus = 'requested' | 'in_progress' | 'completed' | 'failed';
export const customerMergeBody = (
  keptId: number,
  mergedId: number,
  jobId: number,
  status: MergeStatus,
): Body => ({
  admin_graphql_api_customer_kept_id: gid('Customer', keptId),
  admin_graphql_api_customer_deleted_id: gid('Customer', mergedId),
  admin_graphql_api_job_id: status === 'failed' ? null : gid('Job', jobId),
  status,
  errors:
    status === 'failed'
      ? [
          {
            customer_ids: [mergedId],
            field: 'merge_in_progress',
            message: 'The customer is currently being merged.',
          },
        ]
      : [],
});

const ordersOf = (world: World, customer: Customer): number[] =>
  [...world.data.orders.values()]
    .filter((order) => order.customerId === customer.id)
    .map((order) => order.id);
const personOf = (customer: Customer): Body => ({
  id: customer.id,
  email: customer.email,
  phone: customer.phone,
});
export const dataRequestBody = (world: World, customer: Customer, requestId: number): Body => ({
  shop_id: world.data.shop.id,
  shop_domain: world.data.shop.domain,
  orders_requested: ordersOf(world, customer),
  customer: personOf(customer),
  data_request: { id: requestId },
});
export const redactBody = (world: World, customer: Customer): Body => ({
  shop_id: world.data.shop.id,
  shop_domain: world.data.shop.domain,
  customer: personOf(customer),
  orders_to_redact: ordersOf(world, customer),
});
export const shopRedactBody = (world: World): Body => ({
  shop_id: world.data.shop.id,
  shop_domain: world.data.shop.domain,
});

const PLAN_NAMES = {
  basic: ['basic', 'Basic'],
  advanced: ['unlimited', 'Advanced'],
  plus: ['shopify_plus', 'Shopify Plus'],
} as const;

export function shopBody(world: World): Body {
  const { shop } = world.data,
    [planName, planDisplayName] = shop.isDevelopment
      ? (['partner_test', 'Development'] as const)
      : PLAN_NAMES[shop.plan];
  return {
    id: shop.id,
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    province: 'New York',
    country: shop.country,
    address1: shop.address,
    zip: shop.zip,
    city: shop.city,
    source: null,
    phone: shop.phone,
    latitude: 40.7,
    longitude: -74,
    primary_locale: shop.primaryLocale,
    address2: null,
    created_at: inShopTime(shop.createdAt, shop.timeZone),
    updated_at: inShopTime(shop.updatedAt, shop.timeZone),
    country_code: shop.country,
    country_name: 'United States',
    currency: shop.currency,
    customer_email: shop.email,
    timezone: `(GMT-05:00) ${shop.timeZone}`,
    iana_timezone: shop.timeZone,
    shop_owner: shop.owner,
    money_format: '${{amount}}',
    money_with_currency_format: `\${{amount}} ${shop.currency}`,
    weight_unit: 'lb',
    province_code: 'NY',
    taxes_included: false,
    auto_configure_tax_inclusivity: null,
    tax_shipping: null,
    county_taxes: true,
    plan_display_name: planDisplayName,
    plan_name: planName,
    has_discounts: true,
    has_gift_cards: false,
    myshopify_domain: shop.domain,
    google_apps_domain: null,
    google_apps_login_enabled: null,
    money_in_emails_format: '${{amount}}',
    money_with_currency_in_emails_format: `\${{amount}} ${shop.currency}`,
    eligible_for_payments: true,
    requires_extra_payments_agreement: false,
    password_enabled: false,
    has_storefront: true,
    finances: true,
    primary_location_id: 655441491,
    checkout_api_supported: true,
    multi_location_enabled: true,
    setup_required: false,
    pre_launch_enabled: false,
    enabled_presentment_currencies: [shop.currency],
    marketing_sms_consent_enabled_at_checkout: false,
    transactional_sms_disabled: false,
  };
}
export const scopesUpdateBody = (world: World, previous: string[], current: string[]): Body => ({
  id: world.data.installation.id,
  previous,
  current,
  updated_at: world.clock.iso(),
  shop_id: gid('Shop', world.data.shop.id),
});

export const discountBody = (world: World, discount: Discount): Body => ({
  admin_graphql_api_id: gid('DiscountCodeNode', discount.id),
  title: discount.title,
  status: statusOf(discount, world.clock.now()),
  created_at: inShopTime(discount.createdAt, world.data.shop.timeZone),
  updated_at: inShopTime(discount.updatedAt, world.data.shop.timeZone),
});
export const discountDeleteBody = (world: World, id: number): Body => ({
  admin_graphql_api_id: gid('DiscountCodeNode', id),
  deleted_at: inShopTime(world.clock.iso(), world.data.shop.timeZone),
});
export const bulkFinishBody = (operation: BulkOperation): Body => ({
  admin_graphql_api_id: gid('BulkOperation', operation.id),
  completed_at: operation.completedAt,
  created_at: operation.createdAt,
  error_code: operation.errorCode?.toLowerCase() ?? null,
  status: operation.status.toLowerCase(),
  type: 'query',
});

export const money = (minor: number, currency: string): Body => ({
  amount: toDecimal(minor, currency),
  currency_code: currency,
});
