import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { SignedDelivery } from './deliveries.ts';

/** Shopify gives an endpoint five seconds, then delivers again. */
const answerWithinMs = 5_000;
const againAfterMs = 700;
const sentTwice = 0.2;

/** Delivers as Shopify does: whatever is not acknowledged is sent again, under its own id. */
export interface InsistentSender {
  /** Resolves when it is acknowledged, with false if that was given up. Every fifth is then sent once more. */
  deliver(delivery: SignedDelivery): Promise<boolean>;
  /** Once, whatever is answered. */
  repeat(delivery: SignedDelivery): Promise<void>;
  /** Requests in flight. */
  inFlight(): number;
  /** Deliveries not acknowledged yet. */
  waiting(): number;
  sent(): number;
  /** Gives up what is not acknowledged. */
  giveUp(): void;
}

export function createInsistentSender(url: string): InsistentSender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let inFlight = 0;
  let waiting = 0;
  let sent = 0;
  let isOver = false;

  const post = ({ path, headers, body }: SignedDelivery): Promise<number> => {
    inFlight += 1;
    sent += 1;
    return new Promise<number>((resolve) => {
      const call = request(`${url}${path}`, { agent, method: 'POST', headers }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
      });
      call.setTimeout(answerWithinMs, () => call.destroy());
      call.once('error', () => resolve(0));
      call.end(body);
    }).finally(() => {
      inFlight -= 1;
    });
  };

  return {
    async deliver(delivery) {
      waiting += 1;
      while ((await post(delivery)) !== 200) {
        if (isOver) return false;
        await pause(againAfterMs * (0.5 + Math.random()));
      }
      waiting -= 1;
      if (Math.random() < sentTwice) void post(delivery);
      return true;
    },
    async repeat(delivery) {
      await post(delivery);
    },
    inFlight: () => inFlight,
    waiting: () => waiting,
    sent: () => sent,
    giveUp() {
      isOver = true;
      agent.destroy();
    },
  };
}
