import { Agent } from 'node:http';
import { z } from 'zod';
import { anotherOrder, signed } from './deliveries.ts';
import type { SignedDelivery } from './deliveries.ts';
import { sendDelivery } from './send-delivery.ts';

/**
 * Sends orders/paid at a steady rate from a separate process, regardless of responses (an open loop): each
 * latency is measured from when the delivery was due, so a stall counts for every delivery that waited in it.
 */

const task = z.object({
  url: z.url(),
  template: z.record(z.string(), z.unknown()),
  perSecond: z.number(),
  seconds: z.number(),
  firstOrder: z.number(),
  customers: z.number(),
});
export type SendTask = z.input<typeof task>;

/** Order, when it was due (epoch, ms), milliseconds to the answer, status (0: no answer). */
export type Sent = readonly [orderId: number, dueAt: number, ms: number, status: number];

const tickMs = 2;

async function run({
  url,
  template,
  perSecond,
  seconds,
  firstOrder,
  customers,
}: z.output<typeof task>) {
  const total = Math.round(perSecond * seconds);
  // Made before the clock starts: the sender must not be what is measured.
  const deliveries = Array.from({ length: total }, (_, n) =>
    signed('orders/paid', anotherOrder(template, firstOrder + n, (n * 7) % customers)),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 128, scheduling: 'fifo' });
  const sent: Sent[] = [];
  const answers: Promise<void>[] = [];
  const started = performance.now() + 100;
  const epoch = performance.timeOrigin;
  await new Promise<void>((resolve) => {
    let next = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      for (; next < total && started + (next * 1000) / perSecond <= now; next++) {
        const n = next;
        const due = started + (n * 1000) / perSecond;
        answers.push(
          sendDelivery(url, agent, deliveries[n] as SignedDelivery).then((status) => {
            sent.push([firstOrder + n, epoch + due, performance.now() - due, status]);
          }),
        );
      }
      if (next === total) {
        clearInterval(timer);
        resolve();
      }
    }, tickMs);
  });
  await Promise.all(answers);
  agent.destroy();
  return sent;
}

process.on('message', (message) => {
  void run(task.parse(message)).then((sent) => process.send?.(sent));
});
process.on('disconnect', () => process.exit(0));
