// Control verbs for orders.
import { z } from 'zod';
import {
  amount,
  lineSchema,
  personSchema,
  reference,
  settle,
  times,
  type Verb,
  wait,
} from './control-verb.ts';
import { createCustomer, findCustomer, requireCustomer } from './customers.ts';
import { convert, exchangeRate, toMinor } from './money.ts';
import { orderBody, refundBody } from './order-payloads.ts';
import {
  cancelOrder,
  editOrder,
  findOrder,
  type LineInput,
  payOrder,
  placeOrder,
} from './orders.ts';
import { refundOrder, settleRefund } from './refunds.ts';
import { type Customer, gid, type Order } from './state.ts';
import { type Emitted, Refusal, type World } from './world.ts';

const orderSchema = z.object({
  customer: z.union([reference, personSchema, z.null()]).optional(),
  lines: z.array(lineSchema).optional(),
  subtotal: amount.optional(),
  total: amount.optional(),
  shipping: amount.optional(),
  tax: amount.optional(),
  currency: z.string().length(3).optional(),
  exchange_rate: z.number().positive().optional(),
  paid: z.boolean().default(true),
  discount_code: z.string().optional(),
  discount_codes: z.array(z.string()).max(20).optional(),
  gift_cards: z.array(z.string()).max(20).optional(),
  store_credit: z.boolean().optional(),
  note: z.string().optional(),
  source_name: z.string().optional(),
  tags: z.array(z.string()).optional(),
  test: z.boolean().optional(),
  company: z.boolean().optional(),
  count: z.number().int().min(1).max(10_000).default(1),
  times,
  wait,
});

function productLine(
  world: World,
  line: z.infer<typeof lineSchema>,
  toShop: (value: string | number) => number,
): LineInput {
  const { products } = world.data;
  const wanted =
    line.product === undefined
      ? undefined
      : products.find(
          (p) =>
            p.handle === line.product ||
            String(p.id) === String(line.product) ||
            String(p.variantId) === String(line.product) ||
            gid('Product', p.id) === line.product,
        );
  if (line.product !== undefined && !wanted) throw new Refusal(`no product ${line.product}`, 404);
  if (!wanted && line.price === undefined) throw new Refusal('a line needs a product or a price');
  return {
    productId: wanted?.id ?? null,
    variantId: wanted?.variantId ?? null,
    title: line.title ?? wanted?.title ?? 'Custom item',
    sku: line.sku ?? wanted?.sku ?? null,
    quantity: line.quantity,
    unitPrice: line.price === undefined ? (wanted?.price ?? 0) : toShop(line.price),
  };
}

/** The buyer: an id or email, a person (found by email or made), null or "guest" for none, and the first demo customer when nothing is said. */
function buyer(
  world: World,
  given: z.infer<typeof orderSchema>['customer'],
): { customer: Customer | null; sent: Emitted[] } {
  if (given === null || given === 'guest') return { customer: null, sent: [] };
  if (given === undefined)
    return { customer: world.data.customers.values().next().value ?? null, sent: [] };
  if (typeof given !== 'object') return { customer: requireCustomer(world, given), sent: [] };
  const known = given.email ? findCustomer(world, given.email) : undefined;
  if (known) return { customer: known, sent: [] };
  const made = createCustomer(world, given);
  return { customer: made.customer, sent: [made.sent] };
}

const order: Verb = async (world, body) => {
  const input = orderSchema.parse(body),
    shopCurrency = world.data.shop.currency,
    currency = (input.currency ?? shopCurrency).toUpperCase();
  const rate = input.exchange_rate ?? exchangeRate(shopCurrency, currency);
  // Amounts are in the currency the buyer pays in; the shop's books keep its own.
  const toShop = (value: string | number): number =>
    convert(toMinor(value, currency), currency, shopCurrency, 1 / rate);
  const { customer, sent } = buyer(world, input.customer);
  const shipping = input.shipping === undefined ? 0 : toShop(input.shipping),
    tax = input.tax === undefined ? 0 : toShop(input.tax);
  let lines = (input.lines ?? []).map((line) => productLine(world, line, toShop));
  if (lines.length === 0) {
    const price =
      input.subtotal !== undefined
        ? toShop(input.subtotal)
        : input.total !== undefined
          ? toShop(input.total) - shipping - tax
          : undefined;
    const [first] = world.data.products;
    if (price !== undefined && price < 0)
      throw new Refusal('the total is less than shipping and tax');
    lines =
      price === undefined && first
        ? [productLine(world, { product: first.handle, quantity: 1 }, toShop)]
        : [
            {
              productId: null,
              variantId: null,
              title: 'Custom item',
              sku: null,
              quantity: 1,
              unitPrice: price ?? 0,
            },
          ];
  }
  const orders: Order[] = [];
  for (let i = 0; i < input.count; i++) {
    const placed = placeOrder(world, {
      customer,
      lines,
      shipping,
      tax,
      paid: input.paid,
      presentmentCurrency: currency,
      rate,
      times: input.times,
      codes: [
        ...(input.discount_code === undefined ? [] : [input.discount_code]),
        ...(input.discount_codes ?? []),
      ],
      ...(input.gift_cards ? { giftCards: input.gift_cards } : {}),
      ...(input.store_credit === undefined ? {} : { storeCredit: input.store_credit }),
      ...(input.note === undefined ? {} : { note: input.note }),
      ...(input.source_name === undefined ? {} : { sourceName: input.source_name }),
      ...(input.tags === undefined ? {} : { tags: input.tags }),
      ...(input.test === undefined ? {} : { test: input.test }),
      ...(input.company === undefined ? {} : { company: input.company }),
    });
    orders.push(placed.order);
    sent.push(...placed.sent);
  }
  const webhookIds = await settle(sent, input.wait),
    [single] = orders;
  return {
    ok: true,
    order: single ? orderBody(world, single) : null,
    ...(orders.length > 1
      ? { orders: orders.map((one) => ({ id: one.id, name: `#${one.number}` })) }
      : {}),
    webhook_ids: webhookIds,
  };
};

const pay: Verb = async (world, body) => {
  const input = z.object({ order: reference, times, wait }).parse(body),
    found = findOrder(world, input.order);
  const webhookIds = await settle(payOrder(world, found, input.times), input.wait);
  return { ok: true, order: orderBody(world, found), webhook_ids: webhookIds };
};

const refund: Verb = async (world, body) => {
  const input = z
    .object({
      order: reference,
      amount: amount.optional(),
      fraction: z.number().gt(0).max(1).optional(),
      lines: z
        .array(
          z.object({
            line_item_id: z.number().int().optional(),
            index: z.number().int().min(0).optional(),
            quantity: z.number().int().min(1).default(1),
          }),
        )
        .optional(),
      note: z.string().optional(),
      restock: z.boolean().optional(),
      status: z.enum(['success', 'pending', 'failure', 'none']).optional(),
      old_shape: z.boolean().optional(),
      times,
      wait,
    })
    .parse(body);
  const found = findOrder(world, input.order);
  const lines = input.lines?.map((line) => ({
    lineId: line.line_item_id ?? found.lines[line.index ?? 0]?.id ?? 0,
    quantity: line.quantity,
  }));
  const done = refundOrder(world, found, {
    times: input.times,
    ...(input.amount === undefined ? {} : { amount: toMinor(input.amount, found.currency) }),
    ...(input.fraction === undefined ? {} : { fraction: input.fraction }),
    ...(lines ? { lines } : {}),
    ...(input.note === undefined ? {} : { note: input.note }),
    ...(input.restock === undefined ? {} : { restock: input.restock }),
    ...(input.status === undefined ? {} : { status: input.status }),
    ...(input.old_shape === undefined ? {} : { oldShape: input.old_shape }),
  });
  const webhookIds = await settle(done.sent, input.wait);
  return {
    ok: true,
    refund: refundBody(world, found, done.refund),
    order: orderBody(world, found),
    webhook_ids: webhookIds,
  };
};

const settled: Verb = async (world, body) => {
  const input = z
      .object({
        order: reference,
        refund: z.number().int().optional(),
        status: z.enum(['success', 'failure']),
        times,
        wait,
      })
      .parse(body),
    found = findOrder(world, input.order),
    about = found.refunds.find(({ id }) => id === input.refund) ?? found.refunds.at(-1);
  if (!about) throw new Refusal(`order ${found.number} has no refund`, 404);
  const sent = settleRefund(world, found, about, { status: input.status, times: input.times });
  return {
    ok: true,
    refund: refundBody(world, found, about),
    order: orderBody(world, found),
    webhook_ids: await settle(sent, input.wait),
  };
};

const cancel: Verb = async (world, body) => {
  const input = z
      .object({
        order: reference,
        reason: z.enum(['customer', 'declined', 'fraud', 'inventory', 'other', 'staff']).optional(),
        refund: z.boolean().optional(),
        times,
        wait,
      })
      .parse(body),
    found = findOrder(world, input.order);
  const webhookIds = await settle(
    cancelOrder(world, found, {
      times: input.times,
      ...(input.reason ? { reason: input.reason } : {}),
      ...(input.refund === undefined ? {} : { refund: input.refund }),
    }),
    input.wait,
  );
  return { ok: true, order: orderBody(world, found), webhook_ids: webhookIds };
};

const edit: Verb = async (world, body) => {
  const input = z
      .object({
        order: reference,
        add: z.array(lineSchema).optional(),
        set: z
          .array(
            z.object({
              line_item_id: z.number().int().optional(),
              index: z.number().int().min(0).optional(),
              quantity: z.number().int().min(0),
            }),
          )
          .optional(),
        note: z.string().optional(),
        times,
        wait,
      })
      .parse(body),
    found = findOrder(world, input.order);
  const toShop = (value: string | number): number => toMinor(value, found.currency);
  const sent = editOrder(world, found, {
    times: input.times,
    ...(input.add ? { add: input.add.map((line) => productLine(world, line, toShop)) } : {}),
    ...(input.set
      ? {
          set: input.set.map((line) => ({
            lineId: line.line_item_id ?? found.lines[line.index ?? 0]?.id ?? 0,
            quantity: line.quantity,
          })),
        }
      : {}),
    ...(input.note === undefined ? {} : { note: input.note }),
  });
  const webhookIds = await settle(sent, input.wait);
  return { ok: true, order: orderBody(world, found), webhook_ids: webhookIds };
};

export const orderVerbs = { order, pay, refund, 'refund/settle': settled, cancel, edit };
