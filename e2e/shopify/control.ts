// The control API: what a person or a test does to the shop. `POST /_control/<verb>` with JSON, answered by JSON.
import { z } from 'zod';
import { customerVerbs } from './control-customers.ts';
import { historyVerbs } from './control-history.ts';
import { orderVerbs } from './control-orders.ts';
import { shopVerbs } from './control-shop.ts';
import type { Tools, Verb } from './control-verb.ts';
import { Refusal, type World } from './world.ts';

export const VERBS: Readonly<Record<string, Verb>> = {
  ...orderVerbs,
  ...customerVerbs,
  ...shopVerbs,
  ...historyVerbs,
};

/** Runs a verb; a caller's error becomes a 4xx. */
export async function control(
  world: World,
  verb: string,
  body: unknown,
  tools: Tools,
): Promise<{ status: number; body: unknown }> {
  const run = VERBS[verb];
  if (!run)
    return {
      status: 404,
      body: {
        error: {
          code: 'unknown_verb',
          message: `there is no verb ${verb}`,
          verbs: Object.keys(VERBS),
        },
      },
    };
  try {
    return { status: 200, body: await run(world, body ?? {}, tools) };
  } catch (error) {
    if (error instanceof z.ZodError)
      return { status: 400, body: { error: { code: 'invalid', message: z.prettifyError(error) } } };
    if (error instanceof Refusal)
      return { status: error.status, body: { error: { code: 'refused', message: error.message } } };
    if (error instanceof RangeError)
      return { status: 400, body: { error: { code: 'invalid', message: error.message } } };
    throw error;
  }
}
