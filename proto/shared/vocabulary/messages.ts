/** What shoppers are written about: the types of `email_templates`. */
export const MESSAGE_TYPES = [
  'points_earned',
  'points_expiring',
  'birthday_reward',
  'reward_redeemed',
  'referral_invite',
  'referral_completed',
  'tier_upgraded',
  'tier_change',
  'nudge',
  'gdpr_request',
  'badge_earned',
  'onboarding_task_completed',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export const MESSAGE_CHANNELS = ['email', 'sms', 'whatsapp'] as const;
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number];

/** Who carries messages; `ses` is also the fallback of the others. */
export const MESSAGE_PROVIDERS = ['klaviyo', 'twilio', 'postscript', 'ses'] as const;
export type MessageProvider = (typeof MESSAGE_PROVIDERS)[number];

/**
 * `waiting`: for the end of quiet hours. `parked`: the provider was away; tried again after an hour. `unconfirmed`: the
 * provider was asked and its answer lost, so it is not asked again. `withheld`: the person has not agreed, or not any more.
 */
export const MESSAGE_STATUSES = [
  'queued',
  'waiting',
  'sending',
  'sent',
  'parked',
  'unconfirmed',
  'failed',
  'withheld',
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** Why a message is where it is; each has a sentence in every language. */
export const MESSAGE_REASONS = [
  'no_consent',
  'unsubscribed',
  'erased',
  'no_address',
  'not_participating',
  'switched_off',
  'no_provider',
  'quiet_hours',
  'too_late',
  'bounced',
  'complained',
  'opted_out',
  'invalid_recipient',
  'filtered',
  'refused',
  'bad_credentials',
  'provider_away',
  'answer_lost',
  'unreadable_answer',
  'outcome_unknown',
] as const;
export type MessageReason = (typeof MESSAGE_REASONS)[number];

/** Providers that recognize a message that they already have: a lost answer may be asked for again. */
export const REPEATABLE_PROVIDERS = ['klaviyo'] as const satisfies readonly MessageProvider[];

/** Who can carry a channel, in the order in which they are chosen. */
export const CHANNEL_PROVIDERS = {
  email: ['klaviyo', 'ses'],
  sms: ['twilio', 'postscript'],
  whatsapp: ['twilio'],
} as const satisfies Record<MessageChannel, readonly MessageProvider[]>;

/** What connecting a provider takes. Secrets are shown to no one again. */
export const PROVIDER_FIELDS = {
  klaviyo: { secret: 'api_key', settings: [] },
  twilio: { secret: 'auth_token', settings: ['account_sid', 'from'] },
  postscript: { secret: 'api_key', settings: [] },
  ses: { secret: 'secret_access_key', settings: ['access_key_id', 'region', 'from_address'] },
} as const satisfies Record<MessageProvider, { secret: string; settings: readonly string[] }>;

export const PROVIDER_OUTCOMES = [
  'delivered',
  'bounced',
  'complained',
  'opted_out',
  'opted_in',
  'failed',
] as const;
export type ProviderOutcome = (typeof PROVIDER_OUTCOMES)[number];

/** How the value of a variable is written for a reader: by their language, the shop's time zone and currency. */
export type VariableKind = 'text' | 'points' | 'date' | 'money' | 'url' | 'code';

const everywhere = {
  first_name: 'text',
  shop_name: 'text',
  shop_url: 'url',
  points_balance: 'points',
} as const;

/** What a message of each type can say beside its words. Values travel as text: integers, ISO 8601 dates, decimals. */
export const MESSAGE_VARIABLES = {
  points_earned: { ...everywhere, points: 'points', order_name: 'text' },
  points_expiring: { ...everywhere, points: 'points', expires_on: 'date' },
  birthday_reward: { ...everywhere, points: 'points' },
  reward_redeemed: {
    ...everywhere,
    points: 'points',
    reward_name: 'text',
    code: 'code',
    expires_on: 'date',
  },
  referral_invite: { ...everywhere, advocate_name: 'text', offer: 'text', referral_url: 'url' },
  referral_completed: {
    ...everywhere,
    points: 'points',
    friend_name: 'text',
    code: 'code',
    referral_url: 'url',
  },
  tier_upgraded: { ...everywhere, tier_name: 'text' },
  tier_change: { ...everywhere, tier_name: 'text', previous_tier_name: 'text' },
  nudge: { ...everywhere, title: 'text', message: 'text' },
  gdpr_request: { ...everywhere },
  badge_earned: { ...everywhere, badge_name: 'text' },
  onboarding_task_completed: { ...everywhere, task_name: 'text' },
} as const satisfies Record<MessageType, Readonly<Record<string, VariableKind>>>;
