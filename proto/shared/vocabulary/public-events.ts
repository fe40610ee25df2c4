/** What merchants' own systems and Shopify Flow are told about, in the order in which the dashboard offers it. */
export const PUBLIC_EVENTS = [
  'points.earned',
  'points.redeemed',
  'points.expiring',
  'points.expired',
  'points.adjusted',
  'balance.negative',
  'reward.redeemed',
  'tier.changed',
  'segment.changed',
  'referral.completed',
] as const;
export type PublicEvent = (typeof PUBLIC_EVENTS)[number];

/** The form of what is sent; a field may be added within a version, never renamed or removed. */
export const PUBLIC_EVENT_VERSION = 1;

/** Where events go: to an address of the merchant's, or to workflows in Shopify Flow. */
export const ENDPOINT_KINDS = ['webhook', 'flow'] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** `paused`: by the merchant; its events wait. `disabled`: by us, after days of failures; nothing is kept for it. */
export const ENDPOINT_STATUSES = ['active', 'paused', 'disabled'] as const;
export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number];

/** Why an endpoint was disabled. */
export const DISABLED_REASONS = ['failing', 'gone'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export const DELIVERY_STATES = ['queued', 'sending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why the last attempt was not a success; each has a sentence in every language. */
export const DELIVERY_FAILURES = [
  'answer',
  'gone',
  'redirect',
  'timeout',
  'connection',
  'certificate',
  'unresolved',
  'address_refused',
  'flow_refused',
  'flow_unavailable',
] as const;
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

/** Of a shop. */
export const MAX_ENDPOINTS = 10;
