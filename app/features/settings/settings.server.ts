import { z } from 'zod';
import type { GdprRequest, Settings, Sync } from '#proto/admin/v1/admin.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { loadPlan, type Plan } from '../../dashboard/plan-usage.server.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { grantedScopes } from '../../sessions/granted-scopes.server.ts';
import { parseSettingsForm } from './settings.schema.ts';

const PRIVACY_PAGE_SIZE = 50;

export interface SettingsData {
  readonly settings: Settings;
  readonly privacyRequests: readonly GdprRequest[];
  readonly nextCursor: string;
  readonly plan: Plan;
  readonly sync: Sync | null;
  /** Points of merged customers stay separate until the shop grants access to merges. */
  readonly mayReadMerges: boolean;
}

export async function loadSettings(merchant: MerchantRequest): Promise<SettingsData> {
  const { core, url } = merchant;
  const cursor = url.searchParams.get('cursor') ?? '';
  const [{ settings }, privacy, plan, { sync }, granted] = await Promise.all([
    core.admin.getSettings({}),
    core.admin.listGdprRequests({ page: { pageSize: PRIVACY_PAGE_SIZE, cursor } }),
    loadPlan(merchant),
    core.admin.getSync({}),
    grantedScopes(merchant.shopDomain),
  ]);
  if (settings === undefined) throw new CoreError('not_found', { field: 'settings' });
  return {
    settings,
    privacyRequests: privacy.requests,
    nextCursor: privacy.page?.nextCursor ?? '',
    plan,
    sync: sync ?? null,
    mayReadMerges: granted.has('read_customer_merge'),
  };
}

/** Saves the settings, or downloads the data that a customer requested. */
export async function changeSettings(merchant: MerchantRequest, form: FormData) {
  if (form.get('intent') === 'download') return downloadData(merchant, form);
  const parsed = parseSettingsForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  await merchant.core.admin.updateSettings({ ...parsed.settings, revision: revisionOf(form) });
  analytics().capture({
    merchantId: merchant.merchantId,
    name: 'settings_updated',
    properties: { language: parsed.settings.defaultLanguage },
  });
  return { ok: true as const, intent: 'save' as const };
}

// The data travels in the answer of an action: a plain link could not carry the session token of an embedded app.
async function downloadData(merchant: MerchantRequest, form: FormData) {
  const requestId = z.guid().safeParse(form.get('requestId'));
  if (!requestId.success) return refused(merchant, { requestId: 'invalid' });
  const { exportJson } = await merchant.core.admin.processGdprRequest({
    requestId: requestId.data,
  });
  return { ok: true as const, intent: 'download' as const, requestId: requestId.data, exportJson };
}
