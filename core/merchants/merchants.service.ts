import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type {
  InstallMerchantRequest,
  InstallMerchantResponse,
  UpdateSettingsRequest,
} from '#proto/admin/v1/admin.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { writeAudit } from '../shared/audit.store.ts';
import {
  brandingWithPointsNames,
  defaultLanguageOf,
  languageOf,
  pointsNamesOf,
} from './merchant.rules.ts';
import {
  findMerchantByShop,
  insertMerchant,
  insertTenantDefaults,
  listMerchants,
  markUninstalled,
  readSettings,
  toMerchantMessage,
  updateProfile,
  writeSettings,
} from './merchants.store.ts';
import type { SettingsRow } from './merchants.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import type { AdminMethods } from '../call/methods.ts';
import { cancelErasures } from './shop-erasure.store.ts';
import { startSync } from './sync.store.ts';

type Methods = AdminMethods<
  | 'installMerchant'
  | 'getMerchantByShop'
  | 'listMerchants'
  | 'uninstallMerchant'
  | 'getSettings'
  | 'updateSettings'
  | 'updateShopProfile'
>;

/** Shops: installed, found, left, and what their staff set up. */
export function merchantMethods(deps: Pick<CoreDependencies, 'pool' | 'clock'>): Methods {
  const { pool, clock } = deps;
  return {
    async installMerchant(request) {
      for (;;) {
        const known = await findMerchantByShop(pool, request.shopDomain);
        const merchantId = known?.merchant_id ?? randomUUID();
        const installed = await withTenant(pool, merchantId, (client) =>
          install(client, merchantId, request, { isKnown: known !== undefined, now: clock() }),
        );
        // Another install of the same shop came between; the next look finds it.
        if (installed !== undefined) return installed;
      }
    },

    async getMerchantByShop(request) {
      const row = await findMerchantByShop(pool, request.shopDomain);
      if (row === undefined) throw notFound('shop_domain');
      return { merchant: toMerchantMessage(row) };
    },

    async listMerchants(request) {
      const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
      const { rows, nextCursor } = await listMerchants(pool, pageSize, cursor);
      return { merchants: rows.map(toMerchantMessage), page: { nextCursor, total: -1 } };
    },

    uninstallMerchant: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const at = request.uninstalledAt === '' ? clock() : new Date(request.uninstalledAt);
        if (await markUninstalled(client, merchantId, at)) {
          await writeAudit(client, merchantId, {
            actor: context.caller.actor,
            action: 'shop_uninstalled',
            targetTable: 'merchants',
            targetId: merchantId,
          });
        }
        return {};
      }),

    getSettings: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        settings: toSettingsMessage(await mustReadSettings(client, merchantId)),
      })),

    updateSettings: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        settings: toSettingsMessage(
          await changeSettings(client, merchantId, context.caller.actor, request),
        ),
      })),

    updateShopProfile: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const row = await updateProfile(client, merchantId, request, false);
        if (row === undefined) throw notFound('merchant');
        return { merchant: toMerchantMessage(row) };
      }),
  };
}

/** Writes a new shop down, or what Shopify says now of a known one. @returns undefined when it was made meanwhile */
async function install(
  client: PoolClient,
  merchantId: string,
  request: InstallMerchantRequest,
  { isKnown, now }: { readonly isKnown: boolean; readonly now: Date },
): Promise<InstallMerchantResponse | undefined> {
  const { shopDomain, name, currency, timezone, isDevelopment } = request;
  const row = isKnown
    ? await updateProfile(client, merchantId, { name, currency, timezone, isDevelopment }, true)
    : await insertMerchant(client, {
        merchantId,
        shopDomain,
        name,
        currency,
        timezone,
        defaultLanguage: languageOf(request.locale) ?? 'en',
        isDevelopment: isDevelopment ?? false,
      });
  if (row === undefined) return undefined;
  await cancelErasures(client, merchantId, 'installed_again', now);
  const newlyInstalled = !('was_uninstalled' in row) || row.was_uninstalled === true;
  if (newlyInstalled) {
    await insertTenantDefaults(client, merchantId, row.currency);
    await writeAudit(client, merchantId, {
      actor: 'system',
      action: isKnown ? 'shop_reinstalled' : 'shop_installed',
      targetTable: 'merchants',
      targetId: merchantId,
    });
    // Here, so that whatever happens next there is a sync that can be found and carried on.
    await startSync(client, merchantId);
    await addOutboxEvents(client, merchantId, 'merchant.installed', [{ merchant_id: merchantId }]);
  }
  return { merchant: toMerchantMessage(row), newlyInstalled };
}

/** Saves the settings, unless they are saved already. @throws DomainError edit_conflict */
async function changeSettings(
  client: PoolClient,
  merchantId: string,
  actor: string,
  request: UpdateSettingsRequest,
): Promise<SettingsRow> {
  await lockTenant(client, merchantId);
  const before = await mustReadSettings(client, merchantId);
  const branding = brandingWithPointsNames(request.pointsName);
  const step = stepOfEdit({
    opened: request.revision,
    current: settingsRevision(before),
    // Of languages without words it is what they are shown with.
    wanted: revisionOf([request.defaultLanguage, pointsNamesOf(branding)]),
  });
  if (step === 'saved') return before;
  await writeSettings(client, merchantId, request.defaultLanguage, branding);
  const row = await mustReadSettings(client, merchantId);
  await writeAudit(client, merchantId, {
    actor,
    action: 'settings_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: {
      default_language: request.defaultLanguage,
      languages: Object.keys(request.pointsName),
    },
  });
  await addOutboxEvents(client, merchantId, 'settings.updated', [{ merchant_id: merchantId }]);
  return row;
}

async function mustReadSettings(client: PoolClient, merchantId: string): Promise<SettingsRow> {
  const row = await readSettings(client, merchantId);
  if (row === undefined) throw notFound('merchant');
  return row;
}

const settingsRevision = (row: SettingsRow): string =>
  revisionOf([defaultLanguageOf(row.language), pointsNamesOf(row.branding)]);

function toSettingsMessage(row: SettingsRow) {
  return {
    merchant: toMerchantMessage(row),
    defaultLanguage: defaultLanguageOf(row.language),
    pointsName: pointsNamesOf(row.branding),
    revision: settingsRevision(row),
  };
}
