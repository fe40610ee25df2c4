// What the verbs of the control API share.
import { z } from 'zod';
import type { AdminGraphql } from './admin-graphql/execute.ts';
import type { WebhookSender } from './webhooks.ts';
import type { Emitted, World } from './world.ts';

export const reference = z.union([z.string().min(1), z.number().int()]);
export const amount = z.union([z.string(), z.number()]);
export const times = z.number().int().min(1).max(1000).default(1);
/** true: answer only when the first attempt of every webhook has been answered. */
export const wait = z.boolean().default(false);

export const lineSchema = z.object({
  product: reference.optional(),
  title: z.string().optional(),
  price: amount.optional(),
  quantity: z.number().int().min(1).max(100_000).default(1),
  sku: z.string().nullish(),
});
export const personSchema = z.object({
  email: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  phone: z.string().nullish(),
  locale: z.string().optional(),
  state: z.enum(['disabled', 'invited', 'enabled', 'declined']).optional(),
  tags: z.array(z.string()).optional(),
  note: z.string().nullish(),
  accepts_marketing: z.boolean().optional(),
  accepts_sms: z.boolean().optional(),
  verified_email: z.boolean().optional(),
});

export type Verb = (world: World, body: unknown, tools: Tools) => Promise<unknown>;
export interface Tools {
  sender: WebhookSender;
  graphql: AdminGraphql;
  reset: (seed: 'none' | 'demo', customers: number) => void;
}

/** The webhooks that were sent, once they are answered if that is wanted. */
export async function settle(sent: Emitted[], waits: boolean): Promise<string[]> {
  if (waits) await Promise.all(sent.map((one) => one.settled));
  return sent.flatMap((one) => one.webhookIds);
}
