/** What the merchant's log can be filtered by, in the order in which the filter offers it. */
export const LOG_KINDS = [
  'earned',
  'referrals',
  'taken_back',
  'adjusted',
  'expired',
  'rewards',
  'tiers',
  'changes',
] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** What a line of the log is about. */
export const LOG_SOURCES = ['points', 'reward', 'tier', 'change'] as const;
export type LogSource = (typeof LOG_SOURCES)[number];

export const LOG_SEVERITIES = ['info', 'warning', 'critical'] as const;
export type LogSeverity = (typeof LOG_SEVERITIES)[number];

/** What is written down of a shop's log, besides what the ledger, redemptions and tiers record themselves. */
export const SHOP_ACTIONS = [
  'settings_updated',
  'program_updated',
  'program_restored',
  'content_updated',
  'content_restored',
  'reward_created',
  'reward_updated',
  'reward_status_changed',
  'reward_deleted',
  'campaign_created',
  'campaign_updated',
  'campaign_ended',
  'campaign_cancelled',
  'message_template_updated',
  'message_template_reset',
  'referral_config_updated',
  'referral_approved',
  'referral_denied',
  'vip_tiers_published',
  'vip_tiers_restored',
  'vip_tier_draft_discarded',
  'expiry_extended',
  'expiry_extension_undone',
  'rfm_config_updated',
  'customers_merged',
  'customer_redacted',
  'customer_data_exported',
  'shop_installed',
  'shop_reinstalled',
  'shop_uninstalled',
  'shop_erasure_cancelled',
  'deliveries_replayed',
  'messaging_updated',
  'participation_updated',
  'message_provider_updated',
  'message_provider_disconnected',
  'event_endpoint_created',
  'event_endpoint_updated',
  'event_endpoint_disabled',
  'event_endpoint_deleted',
  'event_secret_rotated',
] as const;
export type ShopAction = (typeof SHOP_ACTIONS)[number];

/** Logged as well, and shown from the ledger: the entry has the points and the reason. */
export const LEDGER_ACTIONS = ['points_adjusted', 'adjustment_undone'] as const;
export type LedgerAction = (typeof LEDGER_ACTIONS)[number];

/** What is written down of the platform's own log. */
export const PLATFORM_ACTIONS = [
  'admin_invited',
  'admin_access_reset',
  'admin_user_updated',
  'admin_signed_in',
  'admin_sign_in_failed',
  'admin_code_failed',
  'admin_recovery_code_used',
  'admin_mfa_enabled',
  'admin_mfa_replaced',
  'admin_password_changed',
  'admin_signed_out',
  'admin_signed_out_everywhere',
  'deliveries_replayed',
  'jobs_retried',
  'jobs_discarded',
  'shop_erasure_stopped',
  'shop_erasure_resumed',
] as const;
export type PlatformAction = (typeof PLATFORM_ACTIONS)[number];
