import { createHash } from 'node:crypto';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { listEntries } from '../ledger/index.ts';
import { shopperOf, tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { FrontendMethods } from '../call/methods.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { readGoals } from './goal-standings.ts';
import { forShopper, toVersionMessage, toWidgetMessage } from './widget-message.ts';
import { findMemberId, readPosRewards, readWidget, readWidgetVersion } from './widget.store.ts';

/** Entries of the first view; the rest is a page of GetHistory away. */
const recentEntries = 5;

/** What shoppers see, in one call. */
export function widgetMethods(
  deps: Pick<CoreDependencies, 'pool' | 'encryption' | 'clock'>,
): FrontendMethods<'getWidget' | 'getWidgetVersion' | 'getHistory' | 'getPosMember'> {
  return {
    async getWidget(request, context) {
      const merchantId = tenantOf(context);
      const row = await readWidget(
        deps.pool,
        merchantId,
        shopperOf(context) ?? null,
        recentEntries,
      );
      if (row === undefined) throw notFound('merchant');
      const standings = await readGoals(deps.pool, merchantId, row);
      const response = toWidgetMessage(deps, merchantId, row, request.locale, standings);
      return { ...response, etag: etagOf(response) };
    },

    async getWidgetVersion(_request, context) {
      const row = await readWidgetVersion(deps.pool, tenantOf(context), shopperOf(context) ?? null);
      if (row === undefined) throw notFound('merchant');
      return { version: toVersionMessage(row) };
    },

    async getHistory(request, context) {
      const merchantId = tenantOf(context);
      const shopper = shopperOf(context);
      if (shopper === undefined) {
        throw new DomainError('unauthenticated', {
          message: 'a history belongs to a signed-in shopper',
        });
      }
      return withTenant(deps.pool, merchantId, async (client) => {
        const customerId = await findMemberId(client, merchantId, shopper);
        if (customerId === undefined) return { entries: [], nextCursor: '' };
        const { cursor, pageSize, orderId } = request;
        const filter = { merchantId, customerId, cursor, pageSize, orderId };
        const page = await listEntries(client, filter);
        return { ...page, entries: page.entries.map(forShopper) };
      });
    },

    async getPosMember(request, context) {
      const merchantId = tenantOf(context);
      const { shopifyCustomerId, locale } = request;
      return withTenant(deps.pool, merchantId, async (client) => {
        const row = await readWidget(client, merchantId, shopifyCustomerId, recentEntries);
        if (row === undefined) throw notFound('merchant');
        const rewards = await readPosRewards(client, merchantId);
        // What a campaign gives is taken in the online shop.
        const gifts = { ...row.gifts, campaigns: null };
        const view = toWidgetMessage(deps, merchantId, { ...row, rewards, gifts }, locale);
        return { customerId: row.customer_id ?? '', view };
      });
    },
  };
}

/** Of the view, and of the shop's content version and the next scheduled change, which the view does not show itself. */
function etagOf({ version, ...view }: GetWidgetResponse): string {
  const response: GetWidgetResponse = {
    ...view,
    version: version && { ...version, tag: '' },
  };
  return createHash('sha256')
    .update(GetWidgetResponse.encode(response).finish())
    .digest('base64url')
    .slice(0, 22);
}
