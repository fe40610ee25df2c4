import type { NewJob } from '../../jobs/queue.ts';
import type { ShopReference } from '../../jobs/services.ts';

/** @param turn which of the message's jobs it is: one that is done is not run again */
export const messageJob = (shop: ShopReference, messageId: string, turn: string): NewJob => ({
  name: 'send-message',
  data: { ...shop, messageId },
  options: { jobId: `message-${messageId}-${turn}` },
});
