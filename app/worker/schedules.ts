import type { Merchant } from '#proto/admin/v1/admin.ts';
import { birthdayOf } from '../features/birthdays/award.job.ts';
import type { JobData, JobInput, JobName } from '../jobs/catalog.ts';
import { forEachShop, tonight } from '../jobs/fan-out.ts';
import { balancesJob, settingsJob } from '../jobs/new-jobs.ts';
import type { Handler } from '../jobs/perform.ts';
import type { JobQueues, NewJob } from '../jobs/queue.ts';
import type { Schedule } from '../jobs/schedules.ts';
import { dayJustBegan, shopDay } from '../jobs/shop-day.ts';

/** When a schedule came round. */
interface Round {
  readonly now: number;
  /** The day in UTC. */
  readonly night: string;
  /** Also for shops whose turn it is not: it is unknown what was missed. */
  readonly everyShop: boolean;
}

interface FanOut {
  readonly id: string;
  /** Cron, in UTC. */
  readonly pattern: string;
  readonly afterLoss?: JobInput<JobName>;
  /** What a shop has to do; nothing when it is not its turn. A day in a job's id makes it one a shop and day. */
  jobs(shop: Merchant, round: Round): readonly NewJob[];
}

const referenceOf = ({ merchantId, shopDomain }: Merchant) => ({ merchantId, shop: shopDomain });

/** Schedules per shop: when, which job, and which shops are due. Each may run twice, and late. */
const fanOuts = {
  /**
   * Points expire at the end of the shop's day: each shop whose midnight passed within the last hours. The queue knows
   * the job of a day for an hour, so a night that went well is looked at a few times more and finds nothing; one that
   * failed is tried again. A minute past every quarter: shops' midnights are at full quarters of an hour, and none is
   * earlier than its day's end.
   */
  'expire-all': {
    id: 'nightly-expiry',
    pattern: '1,16,31,46 * * * *',
    afterLoss: { everyShop: true },
    jobs: ({ merchantId, timezone }, { now, everyShop }) =>
      everyShop || dayJustBegan(now, timezone)
        ? [
            {
              name: 'expire-points',
              data: { merchantId },
              options: { jobId: `expire-${shopDay(now, timezone)}-${merchantId}` },
            },
          ]
        : [],
  },
  /** Core knows which shops are due: those with many members are scored weekly. Runs before segments are counted. */
  'rescore-all': {
    id: 'nightly-rescore',
    pattern: '45 0 * * *',
    jobs: ({ merchantId }, { night }) => [
      {
        name: 'rescore-shop',
        data: { merchantId, trigger: 'schedule', onlyIfDue: true },
        options: { jobId: `rescore-${night}-${merchantId}` },
      },
    ],
  },
  'review-all-tiers': {
    id: 'nightly-tiers',
    pattern: '0 1 * * *',
    jobs: ({ merchantId }, { night }) => [
      {
        name: 'review-tiers',
        data: { merchantId, outdatedOnly: false },
        options: { jobId: `tiers-${night}-${merchantId}` },
      },
    ],
  },
  'reconcile-all': {
    id: 'nightly-reconcile',
    pattern: '30 1 * * *',
    jobs: (shop, { night }) => [
      {
        name: 'reconcile-shop',
        data: referenceOf(shop),
        options: { jobId: `reconcile-${night}-${shop.merchantId}` },
      },
    ],
  },
  'expire-all-referrals': {
    id: 'nightly-referrals',
    pattern: '20 0 * * *',
    jobs: ({ merchantId }, { night }) => [
      {
        name: 'expire-referrals',
        data: { merchantId },
        options: { jobId: `referrals-${night}-${merchantId}` },
      },
    ],
  },
  'check-all-plans': {
    id: 'nightly-plans',
    pattern: '0 4 * * *',
    jobs: ({ merchantId }, { night }) => [
      {
        name: 'check-plan',
        data: { merchantId },
        options: { jobId: `plan-${night}-${merchantId}` },
      },
    ],
  },
  /** When the night's other work is done: what it wrote is looked at, too. */
  'check-all-balances': {
    id: 'nightly-balances',
    pattern: '0 5 * * *',
    jobs: ({ merchantId }, { night }) => [
      {
        name: 'check-balances',
        data: { merchantId },
        options: { jobId: `balances-checked-${night}-${merchantId}` },
      },
    ],
  },
  /** Single shops' updates that the queue may have lost: core knows what is behind, settings are compared at Shopify. */
  'update-all-shops': {
    id: 'nightly-shops',
    pattern: '30 4 * * *',
    jobs: (shop) => [balancesJob(referenceOf(shop)), settingsJob(referenceOf(shop))],
  },
  /** Asked every hour, so that each shop has its birthdays in its own morning. */
  'award-birthdays-everywhere': {
    id: 'hourly-birthdays',
    pattern: '10 * * * *',
    jobs: ({ merchantId, timezone }, { now }) => {
      const day = birthdayOf(now, timezone);
      if (day === undefined) return [];
      return [
        {
          name: 'award-birthdays',
          data: { merchantId },
          options: { jobId: `birthdays-${day}-${merchantId}` },
        },
      ];
    },
  },
} as const satisfies { readonly [Name in JobName]?: FanOut };

type FanOutName = keyof typeof fanOuts;

/** Schedules for all shops at once. */
const wholes = {
  'refresh-segment-counts': { id: 'nightly-refresh', pattern: '0 2 * * *' },
  'delete-expired': { id: 'nightly-retention', pattern: '0 3 * * *' },
  'delete-unused-pictures': { id: 'nightly-pictures', pattern: '15 3 * * *' },
  'reencrypt-values': { id: 'nightly-reencryption', pattern: '30 3 * * *' },
  'erase-shops': { id: 'hourly-erasures', pattern: '20 * * * *' },
} as const satisfies { readonly [Name in JobName]?: Pick<FanOut, 'id' | 'pattern'> };

export const schedules: readonly Schedule[] = Object.entries<
  Pick<FanOut, 'id' | 'pattern' | 'afterLoss'>
>({ ...fanOuts, ...wholes }).map(([name, { id, pattern, afterLoss }]) => ({
  id,
  pattern,
  name: name as FanOutName | keyof typeof wholes,
  ...(afterLoss === undefined ? {} : { afterLoss }),
}));

/** The handler of a schedule that is for each shop: enqueues what its row says. */
export function fanOut<Name extends FanOutName>(name: Name): Handler<Name> {
  const row: FanOut = fanOuts[name];
  return (data: JobData<Name>, services) => {
    // Only some schedules support this.
    const { everyShop = false }: { readonly everyShop?: boolean } = data;
    const round = { now: services.now(), night: tonight(services), everyShop };
    return forEachShop(name, services, (shop) => row.jobs(shop, round));
  };
}

/** A starting worker may be the first for a long time: missed midnights are caught up at once. */
export async function catchUpExpiry(services: {
  readonly queues: JobQueues;
  readonly now: () => number;
}): Promise<void> {
  const hour = new Date(services.now()).toISOString().slice(0, 13);
  await services.queues.enqueueAll([
    { name: 'expire-all', data: { everyShop: true }, options: { jobId: `start-${hour}` } },
  ]);
}
