import type en from '../../i18n/en.json';

type ChangeName = keyof typeof en.activity.changes;

// Named one by one: what is recorded later is shown as "other" until somebody finds words for it.
const names: ReadonlySet<string> = new Set<ChangeName>([
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
]);

export function changeName(action: string): ChangeName {
  return names.has(action) ? (action as ChangeName) : 'other';
}

/** The page on which what was changed can be seen as it is now; empty for none. */
export function changeUrl(change: {
  readonly action: string;
  readonly targetTable: string;
  readonly targetId: string;
}): string {
  const { action, targetTable, targetId } = change;
  if (action === 'reward_deleted') return '/app/rewards';
  switch (targetTable) {
    case 'rewards':
      return `/app/rewards/${targetId}`;
    case 'bonus_campaigns':
      return `/app/campaigns/${targetId}`;
    case 'vip_tier_sets':
      return '/app/tiers';
    case 'expiry_extensions':
      return '/app/expiry';
    case 'customers':
      return `/app/customers/${targetId}`;
    case 'gdpr_requests':
      return '/app/settings';
    case 'program_settings':
      if (action.startsWith('program_')) return '/app/program';
      if (action.startsWith('content_')) return '/app/content';
      return action === 'settings_updated' ? '/app/settings' : '';
    case 'webhook_inbox':
      return '/app/deliveries';
    default:
      return '';
  }
}
