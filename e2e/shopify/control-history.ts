// The verb that gives the shop a past: what a quiet world (quiet-world.ts) has lived through, as one body.
import { z } from 'zod';
import type { Verb } from './control-verb.ts';
import type { Customer, Discount, Metafield, Order } from './state.ts';
import { Refusal } from './world.ts';

const things = z.array(z.looseObject({ id: z.number().int() })).default([]);
const historySchema = z.object({
  customers: things,
  orders: things,
  discounts: things,
  metafields: things,
  counters: z.record(z.string(), z.number().int()).default({}),
});

/** Without webhooks: the one who gives a shop its past tells the app of it, too. Only a shop without customers has none yet. */
const history: Verb = (world, body) => {
  const given = historySchema.parse(body),
    { data } = world;
  if (data.customers.size > 0 || data.orders.size > 0)
    throw new Refusal('the shop has customers or orders already', 409);
  for (const one of given.customers) data.customers.set(one.id, one as unknown as Customer);
  for (const one of given.orders) data.orders.set(one.id, one as unknown as Order);
  for (const one of given.discounts) data.discounts.set(one.id, one as unknown as Discount);
  for (const one of given.metafields as unknown as Metafield[])
    data.metafields.set(`${one.ownerId} ${one.namespace} ${one.key}`, one);
  for (const [kind, last] of Object.entries(given.counters))
    data.counters[kind] = Math.max(data.counters[kind] ?? 0, last);
  world.store.changed();
  return Promise.resolve({
    ok: true,
    customers: data.customers.size,
    orders: data.orders.size,
    discounts: data.discounts.size,
  });
};

export const historyVerbs: Record<string, Verb> = { history };
