import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { anotherOrder, signed } from './deliveries.ts';
import type { SignedDelivery } from './deliveries.ts';
import { signedPath } from './redeem.ts';
import { sendDelivery } from './send-delivery.ts';

/**
 * One shop's webhooks, storefront reads and redemptions at steady rates, from a process of its own and regardless of
 * answers (open loops): each is measured from when it was due.
 */

export const flows = ['webhooks', 'reads', 'redemptions'] as const;
export type Flow = (typeof flows)[number];

const task = z.object({
  url: z.url(),
  shop: z.string(),
  template: z.record(z.string(), z.unknown()),
  rewardId: z.string(),
  shoppers: z.array(z.string()),
  firstOrder: z.number(),
  seconds: z.number(),
  perSecond: z.record(z.enum(flows), z.number()),
});
export type TenantTask = z.input<typeof task>;

/** Milliseconds of those that were answered as they should be, and the number of all others. */
export interface FlowResult {
  readonly sent: number;
  readonly failed: number;
  readonly ms: readonly number[];
  /** How many answers of each status were failures; 0 is none at all. */
  readonly statuses: Readonly<Record<string, number>>;
}
export type TenantResult = Readonly<Record<Flow, FlowResult>>;

const customers = 500;
const answerWithinMs = 15_000;
/** A shopper waits no longer for a code. */
const codeWithinMs = 30_000;
const pollMs = 100;
const tickMs = 2;

const redemption = z.object({ redemption: z.object({ id: z.string(), status: z.string() }) });

/** @returns the status of what went wrong, undefined if nothing did */
type Call = (n: number) => Promise<number | undefined>;

function callsOf(told: z.output<typeof task>, agent: Agent): Record<Flow, Call> {
  const { url, shop, template, shoppers, rewardId, firstOrder } = told;
  const shopperOf = (n: number) => shoppers[n % shoppers.length] ?? '';
  const post = async (delivery: SignedDelivery) => {
    const status = await sendDelivery(url, agent, delivery);
    return status === 200 ? undefined : status;
  };
  const fetched = async (path: string, body?: string) => {
    const response = await fetch(`${url}${path}`, {
      ...(body !== undefined && { method: 'POST', body }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return { status: response.status, ok: response.ok, text: await response.text() };
  };
  return {
    webhooks: (n) =>
      post(
        signed(
          'orders/paid',
          anotherOrder(template, firstOrder + n, n % customers),
          randomUUID(),
          shop,
        ),
      ),
    async reads(n) {
      const { ok, status } = await fetched(signedPath('widget', shopperOf(n), '', shop));
      return ok ? undefined : status;
    },
    async redemptions(n) {
      const body = JSON.stringify({ reward_id: rewardId, idempotency_key: randomUUID() });
      const deadline = Date.now() + codeWithinMs;
      const shopper = shopperOf(n);
      let answer = await fetched(signedPath('redeem', shopper, body, shop), body);
      for (;;) {
        if (!answer.ok) return answer.status;
        const { id, status } = redemption.parse(JSON.parse(answer.text)).redemption;
        if (status === 'completed') return undefined;
        if (status !== 'pending' || Date.now() > deadline) return 1;
        await pause(pollMs);
        answer = await fetched(signedPath(`redemptions/${id}`, shopper, '', shop));
      }
    },
  };
}

async function run(told: z.output<typeof task>): Promise<TenantResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 128, scheduling: 'fifo' });
  const calls = callsOf(told, agent);
  const results = await Promise.all(
    flows.map(
      async (flow) =>
        [flow, await atRate(calls[flow], told.perSecond[flow], told.seconds)] as const,
    ),
  );
  agent.destroy();
  return Object.fromEntries(results) as unknown as TenantResult;
}

async function atRate(call: Call, perSecond: number, seconds: number): Promise<FlowResult> {
  const total = Math.round(perSecond * seconds);
  const ms: number[] = [];
  const statuses: Record<string, number> = {};
  const answers: Promise<void>[] = [];
  const started = performance.now() + 50;
  const one = async (n: number) => {
    const due = started + (n * 1_000) / perSecond;
    const wrong = await call(n).catch(() => 0);
    if (wrong === undefined) ms.push(performance.now() - due);
    else statuses[wrong] = (statuses[wrong] ?? 0) + 1;
  };
  for (let next = 0; next < total;) {
    for (; next < total && started + (next * 1_000) / perSecond <= performance.now(); next++)
      answers.push(one(next));
    await pause(tickMs);
  }
  await Promise.all(answers);
  return { sent: total, failed: total - ms.length, ms, statuses };
}

process.on('message', (message) => {
  void run(task.parse(message)).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
