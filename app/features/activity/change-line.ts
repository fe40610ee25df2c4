import { SHOP_ACTIONS, type ShopAction } from '#vocabulary/activity.ts';

/** What is recorded by a later release is shown as "other". */
export function changeName(action: string): ShopAction | 'other' {
  return SHOP_ACTIONS.find((known) => known === action) ?? 'other';
}

/** The page that shows the changed item; empty for none. */
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
