// Webhook bodies about orders, of the documented full shape (API 2026-10): orders/*, refunds/create, orders/edited.
import { inShopTime } from './clock.ts';
import { convert, toDecimal } from './money.ts';
import { gatewaysOf, netOfLine, totalsOf } from './order-totals.ts';
import { addressBody, type Body, customerBody, money } from './payloads.ts';
import { gid, type Order, type OrderLine, type Refund, type Transaction } from './state.ts';
import type { World } from './world.ts';

/** Money in both currencies, as every `*_set` field has it. */
const moneySet = (order: Order, minor: number): Body => ({
  shop_money: money(minor, order.currency),
  presentment_money: money(
    convert(minor, order.currency, order.presentmentCurrency, order.rate),
    order.presentmentCurrency,
  ),
});

function lineBody(order: Order, line: OrderLine): Body {
  const shares =
    line.allocations ?? (line.discount === 0 ? [] : [{ application: 0, amount: line.discount }]);
  const allocations = shares.map(({ application, amount }) => ({
    amount: toDecimal(amount, order.currency),
    amount_set: moneySet(order, amount),
    discount_application_index: application,
  }));
  return {
    id: line.id,
    admin_graphql_api_id: gid('LineItem', line.id),
    attributed_staffs: [],
    current_quantity: line.currentQuantity,
    fulfillable_quantity: line.currentQuantity,
    fulfillment_service: 'manual',
    fulfillment_status: null,
    gift_card: false,
    grams: 200,
    name: line.title,
    price: toDecimal(line.unitPrice, order.currency),
    price_set: moneySet(order, line.unitPrice),
    product_exists: line.productId !== null,
    product_id: line.productId,
    properties: [],
    quantity: line.quantity,
    requires_shipping: true,
    sales_line_item_group_id: null,
    sku: line.sku,
    taxable: true,
    title: line.title,
    total_discount: '0.00',
    total_discount_set: moneySet(order, 0),
    variant_id: line.variantId,
    variant_inventory_management: 'shopify',
    variant_title: null,
    vendor: 'Demo Store',
    tax_lines: [],
    duties: [],
    discount_allocations: allocations,
  };
}

/** The reason of an adjustment, as in webhook bodies. */
export function discrepancyOf(refund: Refund): 'Refund discrepancy' | 'Pending refund discrepancy' {
  return refund.transactions.some(({ status }) => status === 'pending')
    ? 'Pending refund discrepancy'
    : 'Refund discrepancy';
}

function transactionBody(world: World, order: Order, transaction: Transaction): Body {
  return {
    id: transaction.id,
    admin_graphql_api_id: gid('OrderTransaction', transaction.id),
    amount: toDecimal(transaction.amount, order.currency),
    amount_rounding: null,
    authorization: null,
    created_at: inShopTime(transaction.createdAt, world.data.shop.timeZone),
    currency: order.currency,
    device_id: null,
    error_code: null,
    gateway: transaction.gateway,
    kind: transaction.kind,
    location_id: null,
    manual_payment_gateway: false,
    message: transaction.status === 'success' ? 'Transaction approved' : null,
    order_id: order.id,
    parent_id: transaction.parentId,
    payment_id: `#${order.number}.${transaction.kind === 'sale' ? 1 : 2}`,
    payments_refund_attributes: {},
    processed_at: inShopTime(transaction.createdAt, world.data.shop.timeZone),
    receipt: {},
    source_name: order.sourceName,
    status: transaction.status,
    test: order.test,
    total_unsettled_set: moneySet(order, 0),
    user_id: null,
  };
}

export function refundBody(world: World, order: Order, refund: Refund): Body {
  const at = inShopTime(refund.createdAt, world.data.shop.timeZone);
  const adjustments: Body[] = [];
  const adjust = (minor: number, kind: string, reason: string): void => {
    if (minor !== 0)
      adjustments.push({
        id: refund.id + adjustments.length + 1,
        amount: toDecimal(-minor, order.currency),
        amount_set: moneySet(order, -minor),
        ...(refund.oldShape ? { kind } : {}),
        order_id: order.id,
        reason,
        refund_id: refund.id,
        tax_amount: '0.00',
        tax_amount_set: moneySet(order, 0),
      });
  };
  // Since 2024-10 adjustments have no kind, and shipping is only in refund_shipping_lines.
  if (refund.oldShape) adjust(refund.shipping, 'shipping_refund', 'Shipping refund');
  adjust(refund.adjustment, 'refund_discrepancy', discrepancyOf(refund));
  return {
    id: refund.id,
    admin_graphql_api_id: gid('Refund', refund.id),
    created_at: at,
    note: refund.note,
    order_id: order.id,
    processed_at: at,
    restock: refund.lines.some((line) => line.restock),
    total_duties_set: moneySet(order, 0),
    user_id: null,
    order_adjustments: adjustments,
    transactions: refund.transactions.map((one) => transactionBody(world, order, one)),
    refund_line_items: refund.lines.map((part) => {
      const line = order.lines.find((candidate) => candidate.id === part.lineId);
      return {
        id: part.id,
        line_item_id: part.lineId,
        location_id: null,
        quantity: part.quantity,
        restock_type: part.restock ? 'return' : 'no_restock',
        subtotal: Number(toDecimal(part.subtotal, order.currency)),
        subtotal_set: moneySet(order, part.subtotal),
        total_tax: 0,
        total_tax_set: moneySet(order, 0),
        line_item: line ? lineBody(order, line) : null,
      };
    }),
    duties: [],
    additional_fees: [],
    return: null,
    refund_shipping_lines:
      refund.shipping === 0
        ? []
        : [
            {
              id: refund.id + 50,
              subtotal_amount_set: moneySet(order, refund.shipping),
              tax_amount_set: moneySet(order, 0),
            },
          ],
  };
}

export function orderEditBody(
  world: World,
  order: Order,
  edit: {
    additions: { id: number; delta: number }[];
    removals: { id: number; delta: number }[];
    note: string | null;
  },
): Body {
  return {
    order_edit: {
      id: world.store.nextId('edit'),
      app_id: null,
      created_at: world.clock.iso(),
      notify_customer: false,
      order_id: order.id,
      staff_note: edit.note ?? '',
      user_id: world.data.shop.id + 1,
      line_items: { additions: edit.additions, removals: edit.removals },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}

/** orders/create, orders/paid, orders/updated, orders/cancelled. */
export function orderBody(world: World, order: Order): Body {
  const { shop } = world.data,
    totals = totalsOf(order),
    { currency } = order;
  const time = (iso: string | null): string | null =>
    iso === null ? null : inShopTime(iso, shop.timeZone);
  const decimal = (minor: number): string => toDecimal(minor, currency);
  const set = (minor: number): Body => moneySet(order, minor);
  const customer =
    order.customerId === null ? undefined : world.data.customers.get(order.customerId);
  const address = order.address ? addressBody(order.address, null) : null;
  const currentDiscounts =
    order.lines.reduce(
      (sum, line) =>
        sum + line.unitPrice * line.currentQuantity - netOfLine(line, line.currentQuantity),
      0,
    ) + order.shippingDiscount;
  return {
    id: order.id,
    admin_graphql_api_id: gid('Order', order.id),
    app_id: 580111,
    browser_ip: '203.0.113.7',
    buyer_accepts_marketing: customer?.acceptsMarketing ?? false,
    cancel_reason: order.cancelReason,
    cancelled_at: time(order.cancelledAt),
    cart_token: order.token,
    checkout_id: order.id + 1,
    checkout_token: order.token,
    client_details: {
      accept_language: order.locale,
      browser_height: null,
      browser_ip: '203.0.113.7',
      browser_width: null,
      session_hash: null,
      user_agent: 'Mozilla/5.0',
    },
    closed_at: time(order.closedAt),
    company: null,
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    contact_email: order.email,
    created_at: time(order.createdAt),
    currency,
    current_shipping_price_set: set(
      order.shipping -
        order.shippingDiscount -
        order.refunds.reduce((sum, refund) => sum + refund.shipping, 0),
    ),
    current_subtotal_price: decimal(totals.currentSubtotal),
    current_subtotal_price_set: set(totals.currentSubtotal),
    current_total_additional_fees_set: null,
    current_total_discounts: decimal(currentDiscounts),
    current_total_discounts_set: set(currentDiscounts),
    current_total_duties_set: null,
    current_total_price: decimal(totals.currentTotal),
    current_total_price_set: set(totals.currentTotal),
    current_total_tax: decimal(order.tax),
    current_total_tax_set: set(order.tax),
    customer_locale: order.locale,
    device_id: null,
    discount_codes: order.codes.map((code) => ({
      code: code.code,
      amount: decimal(code.amount),
      type: code.type,
    })),
    duties_included: false,
    email: order.email ?? '',
    estimated_taxes: false,
    financial_status: order.financialStatus,
    fulfillment_status: null,
    landing_site: '/',
    landing_site_ref: null,
    location_id: null,
    merchant_business_entity_id: `MTU${shop.id}`,
    merchant_of_record_app_id: null,
    name: `#${order.number}`,
    note: order.note,
    note_attributes: Object.entries(order.attributes ?? {}).map(([name, value]) => ({
      name,
      value,
    })),
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: `https://${shop.domain}/${shop.id}/orders/${order.token}/authenticate?key=${order.token.slice(0, 8)}`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: gatewaysOf(order),
    phone: null,
    po_number: null,
    presentment_currency: order.presentmentCurrency,
    processed_at: time(order.processedAt),
    reference: null,
    referring_site: '',
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    subtotal_price: decimal(totals.subtotal),
    subtotal_price_set: set(totals.subtotal),
    tags: order.tags.join(', '),
    tax_exempt: false,
    tax_lines:
      order.tax === 0
        ? []
        : [
            {
              channel_liable: false,
              price: decimal(order.tax),
              price_set: set(order.tax),
              rate: 0.08,
              title: 'State tax',
            },
          ],
    taxes_included: false,
    ...(order.company === true && { company: { id: 1, location_id: 1 } }),
    test: order.test,
    token: order.token,
    total_cash_rounding_payment_adjustment_set: set(0),
    total_cash_rounding_refund_adjustment_set: set(0),
    total_discounts: decimal(totals.discounts),
    total_discounts_set: set(totals.discounts),
    total_line_items_price: decimal(totals.lines),
    total_line_items_price_set: set(totals.lines),
    total_outstanding: decimal(totals.outstanding),
    total_price: decimal(totals.total),
    total_price_set: set(totals.total),
    total_shipping_price_set: set(order.shipping),
    total_tax: decimal(order.tax),
    total_tax_set: set(order.tax),
    total_tip_received: '0.00',
    total_weight: 200 * order.lines.reduce((sum, line) => sum + line.quantity, 0),
    updated_at: time(order.updatedAt),
    user_id: null,
    billing_address: address,
    customer: customer ? customerBody(world, customer) : null,
    discount_applications: order.codes.map((code) => ({
      target_type: code.type === 'shipping' ? 'shipping_line' : 'line_item',
      type: 'discount_code',
      value: code.type === 'fixed_amount' ? decimal(code.value) : code.value.toFixed(1),
      value_type: code.type === 'fixed_amount' ? 'fixed_amount' : 'percentage',
      allocation_method: code.type === 'shipping' ? 'each' : 'across',
      target_selection: code.selection ?? 'all',
      code: code.code,
    })),
    fulfillments: [],
    line_item_groups: [],
    line_items: order.lines.map((line) => lineBody(order, line)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundBody(world, order, refund)),
    returns: [],
    shipping_address: address,
    shipping_lines:
      order.shipping === 0
        ? []
        : [
            {
              id: order.id + 7,
              carrier_identifier: null,
              code: 'Standard',
              current_discounted_price_set: set(order.shipping - order.shippingDiscount),
              discounted_price: decimal(order.shipping - order.shippingDiscount),
              discounted_price_set: set(order.shipping - order.shippingDiscount),
              is_removed: false,
              phone: null,
              price: decimal(order.shipping),
              price_set: set(order.shipping),
              requested_fulfillment_service_id: null,
              source: 'shopify',
              title: 'Standard',
              tax_lines: [],
              discount_allocations: order.codes.flatMap((code, application) =>
                code.type !== 'shipping' || order.shippingDiscount === 0
                  ? []
                  : [
                      {
                        amount: decimal(order.shippingDiscount),
                        amount_set: set(order.shippingDiscount),
                        discount_application_index: application,
                      },
                    ],
              ),
            },
          ],
  };
}
