import type { JobData } from '../../jobs/catalog.ts';
import { privacyJob } from '../../jobs/new-jobs.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { journalPerson } from './erasure-journal.ts';

const sweepLimit = 500;
/** Longer than the tries of a request's own job take. */
const staleSeconds = 600;

export async function processPrivacyRequest(
  { merchantId, requestId }: JobData<'process-privacy-request'>,
  services: JobServices,
): Promise<void> {
  const { admin } = services.core(merchantId);
  const { entry, digest } = await admin.describeErasure({ requestId });
  // Before it is done: a restored database has to be told of it again.
  if (entry !== undefined) await journalPerson(services.files, entry, services.now());
  const { request } = await admin.processGdprRequest({ requestId, entryDigest: digest });
  log().info(
    { merchantId, requestId, type: request?.requestType, status: request?.status },
    'A privacy request was processed',
  );
}

/** Resumes privacy requests whose job was lost or failed. Returns whether there may be more. */
export async function sweepPrivacyRequests(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  const { requests } = await services.platform.claimOpenPrivacyRequests({
    limit: sweepLimit,
    olderThanSeconds: staleSeconds,
  });
  if (requests.length === 0) return false;
  log().warn({ count: requests.length }, 'Stalled privacy requests were resumed');
  await services.queues.enqueueAll(requests.map(privacyJob));
  return requests.length === sweepLimit;
}
