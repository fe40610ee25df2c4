import { z } from 'zod';
import { REFERRAL_CHANNELS } from '#vocabulary/referrals.ts';
import { RESCORE_TRIGGERS } from '#vocabulary/segments.ts';

/** Queues that have jobs today; further ones come with the features that fill them. */
export const queueNames = [
  'webhook',
  'referrals',
  'schedules',
  'shopify',
  'notifications',
] as const;
export type QueueName = (typeof queueNames)[number];

export interface RetryPolicy {
  /** The first try counts. */
  readonly attempts: number;
  /** Before the second try; each further one waits twice as long. */
  readonly firstDelayMs: number;
}

/** As PostgreSQL and core accept them: a UUID of any version. */
const uuid = z.guid();
const shopOfMerchant = z.object({ merchantId: uuid, shop: z.string() });
/** How often and since when a job has waited for core, which does not count as an attempt. */
const backoff = z
  .object({ waits: z.number().int(), since: z.number().int() })
  .default(() => ({ waits: 0, since: Date.now() }));

export interface JobDefinition {
  readonly queue: QueueName;
  readonly schema: z.ZodType;
  readonly retry: RetryPolicy;
  /** Steps behind those that someone waits for, in the same queue. */
  readonly behind?: number;
}

const once: RetryPolicy = { attempts: 1, firstDelayMs: 0 };
/** For schedules: a failure is retried for a quarter of an hour. */
const scheduleRetry: RetryPolicy = { attempts: 5, firstDelayMs: 60_000 };
const nothing = z.object({});
/** Shopify's side: it throttles, restarts and loses connections. */
const shopifyRetry: RetryPolicy = { attempts: 6, firstDelayMs: 2_000 };

const visit = z.object({
  clickId: uuid,
  code: z.string(),
  channel: z.enum(REFERRAL_CHANNELS),
  at: z.iso.datetime(),
});

/** Every job: its queue, its data (ids only, never personal data) and its retries. */
export const catalog = {
  /** What arrived together; a delivery that fails goes on alone as `process-delivery`. */
  'process-deliveries': {
    queue: 'webhook',
    schema: z.object({
      deliveryIds: z.array(uuid).min(1).max(100),
      /** The trace that each of them belongs to, where one was recorded. */
      traces: z.record(uuid, z.string()).optional(),
      backoff,
    }),
    retry: once,
  },
  /** Enqueued 500 ms after the first failure, then after 1 s and 2 s; what fails then stays in the failed set. */
  'process-delivery': {
    queue: 'webhook',
    schema: z.object({ deliveryId: uuid, backoff }),
    retry: { attempts: 3, firstDelayMs: 1_000 },
  },

  /** Visits by a shop's referral links that came close together. Each is counted once, however often it runs. */
  'track-clicks': {
    queue: 'referrals',
    schema: z.object({ merchantId: uuid, clicks: z.array(visit).min(1).max(500) }),
    retry: { attempts: 12, firstDelayMs: 1_000 },
  },
  /** A single one, as releases before `track-clicks` enqueue it. */
  'track-click': {
    queue: 'referrals',
    schema: visit.extend({ merchantId: uuid }),
    retry: { attempts: 12, firstDelayMs: 1_000 },
  },

  'install-shop': {
    queue: 'shopify',
    schema: shopOfMerchant,
    retry: shopifyRetry,
    behind: 1,
  },
  'first-run-sync': {
    queue: 'shopify',
    schema: shopOfMerchant,
    retry: shopifyRetry,
    behind: 10,
  },
  'write-balance-metafields': {
    queue: 'shopify',
    schema: shopOfMerchant,
    retry: shopifyRetry,
    behind: 2,
  },
  'write-storefront-settings': {
    queue: 'shopify',
    schema: shopOfMerchant,
    retry: shopifyRetry,
    behind: 2,
  },
  'subscribe-topics': {
    queue: 'shopify',
    schema: shopOfMerchant,
    retry: shopifyRetry,
    behind: 5,
  },
  'fetch-order': {
    queue: 'shopify',
    schema: shopOfMerchant.extend({ orderId: z.string() }),
    retry: shopifyRetry,
    behind: 3,
  },
  'settle-redemption': {
    queue: 'shopify',
    schema: shopOfMerchant.extend({ redemptionId: uuid }),
    // Short: a shopper is waiting. The sweep retries for a day.
    retry: { attempts: 6, firstDelayMs: 500 },
  },
  'reconcile-shop': {
    queue: 'shopify',
    schema: shopOfMerchant,
    retry: shopifyRetry,
    behind: 20,
  },

  'reconcile-all': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'expire-all': {
    queue: 'schedules',
    /** Also those whose day began earlier: after the queue has lost its memory. */
    schema: z.object({ everyShop: z.boolean().default(false) }),
    retry: scheduleRetry,
  },
  /** Balances and settings that Shopify should show: the shops' own jobs end quickly where nothing is behind. */
  'update-all-shops': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  /** Shops whose erasure is due, and the alarm for those that Shopify's time runs out for. */
  'erase-shops': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'delete-expired': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  /** Uploaded pictures that nothing shows any more. */
  'delete-unused-pictures': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'reencrypt-values': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'refresh-segment-counts': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'advance-campaigns': {
    queue: 'schedules',
    schema: nothing,
    retry: { attempts: 5, firstDelayMs: 1_000 },
  },
  'rescore-all': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  /** All members of a shop, range by range; a retry starts over and then finds little to do. */
  'rescore-shop': {
    queue: 'schedules',
    schema: z.object({
      merchantId: uuid,
      trigger: z.enum(RESCORE_TRIGGERS),
      onlyIfDue: z.boolean(),
    }),
    retry: { attempts: 5, firstDelayMs: 10_000 },
  },
  'expire-points': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid }),
    retry: { attempts: 5, firstDelayMs: 10_000 },
  },
  'expire-all-referrals': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'expire-referrals': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid }),
    retry: { attempts: 5, firstDelayMs: 10_000 },
  },
  'award-birthdays-everywhere': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'award-birthdays': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid }),
    retry: { attempts: 5, firstDelayMs: 10_000 },
  },
  'review-all-tiers': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  /** Members whose VIP tier may have changed with time, or by publishing another tier set. */
  'review-tiers': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid, outdatedOnly: z.boolean() }),
    retry: { attempts: 5, firstDelayMs: 5_000 },
  },
  'check-all-plans': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  'check-plan': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid }),
    retry: { attempts: 5, firstDelayMs: 10_000 },
  },
  'check-all-balances': { queue: 'schedules', schema: nothing, retry: scheduleRetry },
  /** All balances of a shop against what they are made of, range by range. */
  'check-balances': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid }),
    retry: { attempts: 3, firstDelayMs: 60_000 },
  },
  /** After the third try the message is parked, and the job stays in the failed set; a sweep makes another in an hour. */
  'send-message': {
    queue: 'notifications',
    schema: shopOfMerchant.extend({ messageId: uuid }),
    retry: { attempts: 3, firstDelayMs: 500 },
  },
  'process-privacy-request': {
    queue: 'schedules',
    schema: z.object({ merchantId: uuid, requestId: uuid }),
    retry: { attempts: 8, firstDelayMs: 5_000 },
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof catalog;
/** What a producer hands in. */
export type JobInput<Name extends JobName> = z.input<(typeof catalog)[Name]['schema']>;
/** What a handler gets. */
export type JobData<Name extends JobName> = z.output<(typeof catalog)[Name]['schema']>;

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(catalog, name);
}
