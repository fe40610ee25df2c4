// Control verbs for customers.
import { z } from 'zod';
import { personSchema, reference, settle, times, type Verb, wait } from './control-verb.ts';
import {
  createCustomer,
  deleteCustomer,
  mergeCustomers,
  redactCustomer,
  requestData,
  requireCustomer,
  updateCustomer,
} from './customers.ts';
import { customerBody } from './payloads.ts';
import { generate } from './seed.ts';
import type { Customer } from './state.ts';
import type { Emitted, World } from './world.ts';

const customer: Verb = async (world, body) => {
  const {
    customer: who,
    times: n,
    wait: waits,
    generate: count,
    ...input
  } = personSchema
    .extend({
      customer: reference.optional(),
      generate: z.number().int().min(1).max(200_000).optional(),
      times,
      wait,
    })
    .parse(body);
  if (count !== undefined) {
    const made = generate(world, count);
    world.store.changed();
    return { ok: true, generated: made.length };
  }
  if (who !== undefined) {
    const found = requireCustomer(world, who),
      sent = updateCustomer(world, found, input, n);
    return {
      ok: true,
      customer: customerBody(world, found),
      webhook_ids: await settle([sent], waits),
    };
  }
  const made = createCustomer(world, input, n);
  return {
    ok: true,
    customer: customerBody(world, made.customer),
    webhook_ids: await settle([made.sent], waits),
  };
};

const who = z.object({ customer: reference, times, wait });
const about =
  (act: (world: World, customer: Customer, times: number) => Emitted): Verb =>
  async (world, body) => {
    const input = who.parse(body),
      found = requireCustomer(world, input.customer);
    return {
      ok: true,
      customer: found.id,
      webhook_ids: await settle([act(world, found, input.times)], input.wait),
    };
  };
const merge: Verb = async (world, body) => {
  const input = z
    .object({
      into: reference,
      from: reference,
      status: z.enum(['requested', 'in_progress', 'completed', 'failed']).default('completed'),
      times,
      wait,
    })
    .parse(body);
  const kept = requireCustomer(world, input.into),
    gone = requireCustomer(world, input.from),
    sent = mergeCustomers(world, kept, gone, input.times, input.status);
  return {
    ok: true,
    customer: customerBody(world, kept),
    merged: gone.id,
    webhook_ids: await settle([sent], input.wait),
  };
};

export const customerVerbs = {
  customer,
  'customers/delete': about(deleteCustomer),
  'customers/merge': merge,
  'customers/redact': about(redactCustomer),
  'customers/data_request': about(requestData),
};
