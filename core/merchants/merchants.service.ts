import { randomUUID } from 'node:crypto';
import { withTenant } from '../database/tenant-transaction.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { tenantOf } from '../call/context.ts';
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
  lockMerchant,
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

export function merchantMethods({
  pool,
  clock,
}: Pick<CoreDependencies, 'pool' | 'clock'>): Methods {
  return {
    async installMerchant(request) {
      const { shopDomain, name, currency, timezone, isDevelopment } = request;
      for (;;) {
        const known = await findMerchantByShop(pool, shopDomain);
        const merchantId = known?.merchant_id ?? randomUUID();
        const installed = await withTenant(pool, merchantId, async (client) => {
          const defaultLanguage = languageOf(request.locale) ?? 'en';
          const row =
            known === undefined
              ? await insertMerchant(client, {
                  merchantId,
                  shopDomain,
                  name,
                  currency,
                  timezone,
                  defaultLanguage,
                  isDevelopment: isDevelopment ?? false,
                })
              : await updateProfile(
                  client,
                  merchantId,
                  { name, currency, timezone, isDevelopment },
                  true,
                );
          if (row === undefined) return undefined;
          await cancelErasures(client, merchantId, 'installed_again', clock());
          const newlyInstalled = !('was_uninstalled' in row) || row.was_uninstalled === true;
          if (newlyInstalled) {
            await insertTenantDefaults(client, merchantId, row.currency);
            await writeAudit(client, merchantId, {
              actor: 'system',
              action: known === undefined ? 'shop_installed' : 'shop_reinstalled',
              targetTable: 'merchants',
              targetId: merchantId,
            });
            // Here, so that whatever happens next there is a sync that can be found and carried on.
            await startSync(client, merchantId);
            await addOutboxEvents(client, merchantId, 'merchant.installed', [
              { merchant_id: merchantId },
            ]);
          }
          return { merchant: toMerchantMessage(row), newlyInstalled };
        });
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
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
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
      withTenant(pool, tenantOf(context), async (client) => {
        const row = await readSettings(client, tenantOf(context));
        if (row === undefined) throw notFound('merchant');
        return { settings: toSettingsMessage(row) };
      }),

    updateSettings: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        await lockMerchant(client, merchantId);
        const before = await readSettings(client, merchantId);
        if (before === undefined) throw notFound('merchant');
        const step = stepOfEdit({
          opened: request.revision,
          current: settingsRevision(before),
          // Of languages without words it is what they are shown with.
          wanted: revisionOf([
            request.defaultLanguage,
            pointsNamesOf(brandingWithPointsNames(request.pointsName)),
          ]),
        });
        if (step === 'saved') return { settings: toSettingsMessage(before) };
        await writeSettings(
          client,
          merchantId,
          request.defaultLanguage,
          brandingWithPointsNames(request.pointsName),
        );
        const row = await readSettings(client, merchantId);
        if (row === undefined) throw notFound('merchant');
        await writeAudit(client, merchantId, {
          actor: context.caller.actor,
          action: 'settings_updated',
          targetTable: 'program_settings',
          targetId: merchantId,
          metadata: {
            default_language: request.defaultLanguage,
            languages: Object.keys(request.pointsName),
          },
        });
        await addOutboxEvents(client, merchantId, 'settings.updated', [
          { merchant_id: merchantId },
        ]);
        return { settings: toSettingsMessage(row) };
      }),

    updateShopProfile: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const row = await updateProfile(client, tenantOf(context), request, false);
        if (row === undefined) throw notFound('merchant');
        return { merchant: toMerchantMessage(row) };
      }),
  };
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
