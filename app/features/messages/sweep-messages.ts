import type { JobServices } from '../../jobs/services.ts';
import { messageJob } from './message-job.ts';

const dueLimit = 200;

/** Finds messages whose time has come, that the queue lost, or whose worker died. Returns whether there may be more. */
export async function sweepMessages(
  services: Pick<JobServices, 'platform' | 'queues' | 'now'>,
): Promise<boolean> {
  const { messages } = await services.platform.claimDueMessages({ limit: dueLimit });
  const turn = String(services.now());
  await services.queues.enqueueAll(
    messages.map(({ merchantId, shopDomain, messageId }) =>
      messageJob({ merchantId, shop: shopDomain }, messageId, turn),
    ),
  );
  return messages.length === dueLimit;
}
