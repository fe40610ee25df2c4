import type { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { ShopReference } from './services.ts';
import type { OutboxEventKind } from '#vocabulary/events.ts';

/** What an event of this kind carries; undefined for another kind, and where it is not of the form that it should be. */
export function readEvent<Payload>(
  schema: z.ZodType<Payload>,
  event: OutboxEvent,
  kind: OutboxEventKind,
): Payload | undefined {
  if (event.kind !== kind) return undefined;
  try {
    return schema.safeParse(JSON.parse(event.payload)).data;
  } catch {
    return undefined;
  }
}

/** The shops of events of these kinds, each once. */
export function shopsOf(
  events: readonly OutboxEvent[],
  kinds: readonly string[],
): readonly ShopReference[] {
  const shops = new Map(
    events
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ merchantId, shopDomain }) => [merchantId, { merchantId, shop: shopDomain }]),
  );
  return [...shops.values()];
}
