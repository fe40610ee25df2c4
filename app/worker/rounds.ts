import { analytics } from '../analytics/posthog.server.ts';
import { firstViews } from '../cache/cache.server.ts';
import { advanceCampaigns } from '../features/campaigns/advance.job.ts';
import { recordEvents } from '../features/event-endpoints/record-events.ts';
import { sendEvents } from '../features/event-endpoints/send-events.ts';
import { queueMessages } from '../features/messages/message-events.ts';
import { sweepMessages } from '../features/messages/sweep-messages.ts';
import { sweepSyncs } from '../features/onboarding/sync.job.ts';
import { sweepPrivacyRequests } from '../features/privacy/process-request.job.ts';
import { sweepRedemptions } from '../features/redemptions/settle.job.ts';
import { sweepInbox } from '../features/webhooks/sweep.job.ts';
import { relayOutbox } from '../jobs/outbox-relay.ts';
import { renewSchedules } from '../jobs/schedules.ts';
import type { JobServices } from '../jobs/services.ts';
import { eventEffects } from './event-effects.ts';
import { schedules } from './schedules.ts';

interface Round {
  readonly intervalMs: number;
  /** Answers whether there may be more, which is then looked for at once. */
  readonly run: (services: JobServices) => Promise<boolean>;
  /** A round with a name of a span is traced; the others mostly find nothing. */
  readonly span?: string;
  /** What the log says when a round failed. */
  readonly failure: string;
}

const membersPerReview = 1_000;
/** Of each shop. */
const ordersPerSettling = 1_000;

/** What every worker repeats: finding lost work, and relaying what core has ready. */
export const rounds: readonly Round[] = [
  {
    // What Redis has forgotten is made again within this.
    intervalMs: 60_000,
    run: (services) => renewSchedules(schedules, services).then(() => false),
    failure: 'Schedules could not be renewed',
  },
  {
    intervalMs: 60_000,
    run: sweepPrivacyRequests,
    failure: 'The sweep of privacy requests failed',
  },
  { intervalMs: 15_000, run: sweepInbox, failure: 'The sweep of the inbox failed' },
  {
    // What a job that was lost should have started or ended: only the list of campaigns shows how late it is.
    intervalMs: 60_000,
    run: (services) => advanceCampaigns({}, services).then(() => false),
    failure: 'The sweep of the campaigns failed',
  },
  { intervalMs: 60_000, run: sweepSyncs, failure: 'The sweep of first syncs failed' },
  { intervalMs: 15_000, run: sweepRedemptions, failure: 'The sweep of the redemptions failed' },
  { intervalMs: 15_000, run: sweepMessages, failure: 'The sweep of the messages failed' },
  { intervalMs: 1_000, run: sendEvents, failure: 'Events could not be sent to endpoints' },
  {
    // Points count by the day: some seconds late is nothing to a shopper.
    intervalMs: 15_000,
    span: 'settle pending orders',
    run: async ({ platformPoints }) =>
      (await platformPoints.settlePendingOrders({ limit: ordersPerSettling })).more,
    failure: 'Orders whose points count could not be settled',
  },
  {
    intervalMs: 250,
    run: (services) =>
      relayOutbox(
        {
          platform: services.platform,
          queues: services.queues,
          analytics: analytics(),
          views: firstViews(),
          messagesFor: (events) => queueMessages(events, services),
          recordFor: (events) => recordEvents(events, services),
          now: services.now(),
        },
        eventEffects,
      ),
    failure: 'The relay of events failed',
  },
  {
    // Segments and tiers follow an order within this; shorter, a busy shop would be reviewed in smaller, dearer bites.
    intervalMs: 1_000,
    span: 'review members',
    run: async ({ platform }) => (await platform.reviewMembers({ limit: membersPerReview })).more,
    failure: 'The review of members failed',
  },
];
