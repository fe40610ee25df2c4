import { createHash } from 'node:crypto';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import type { FrontendServiceImplementation } from '#proto/frontend/v1/frontend.ts';
import type { Entry } from '#proto/points/v1/points.ts';
import { openFirstName } from '../admin/customer-seal.ts';
import { defaultLanguageOf, languageOf, pointsNamesOf } from '../admin/merchant.rules.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { listEntries, toBalanceMessage, toEntryMessage } from '../ledger/index.ts';
import { programFromConfig, toProgramMessage } from '../points/program.rules.ts';
import { shopperOf, tenantOf } from '../server/context.ts';
import type { CallerContext } from '../server/context.ts';
import type { CoreDependencies } from '../server/dependencies.ts';
import { DomainError, notFound } from '../server/errors.ts';
import { balanceRowOf, entryRowOf, findMemberId, readWidget } from './widget.store.ts';

/** Entries of the first view; the rest is a page of GetHistory away. */
const recentEntries = 5;

export function createFrontendService(
  deps: Pick<CoreDependencies, 'pool' | 'encryption'>,
): FrontendServiceImplementation<CallerContext> {
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
      const locale = languageOf(request.locale) ?? defaultLanguageOf(row.language);
      const customerId = row.customer_id;
      const response: GetWidgetResponse = {
        balance:
          customerId === null
            ? undefined
            : toBalanceMessage(
                customerId,
                row.balance === null ? undefined : balanceRowOf(row.balance),
              ),
        firstName:
          customerId === null
            ? ''
            : openFirstName(deps.encryption, merchantId, customerId, row.first_name),
        pointsName: pointsNamesOf(row.branding)[locale],
        locale,
        program: toProgramMessage(programFromConfig(row.config), row.program_updated_at),
        currency: row.currency,
        recent: (row.recent ?? []).map((entry) => forShopper(toEntryMessage(entryRowOf(entry)))),
        etag: '',
        signupDone: row.signup_done,
      };
      return { ...response, etag: etagOf(response) };
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
        const { cursor, pageSize } = request;
        const page = await listEntries(client, { merchantId, customerId, cursor, pageSize });
        return { ...page, entries: page.entries.map(forShopper) };
      });
    },
  };
}

/** Who adjusted, and under which key, is the shop's business. */
function forShopper(entry: Entry): Entry {
  return { ...entry, actor: '', idempotencyKey: '' };
}

function etagOf(response: GetWidgetResponse): string {
  return createHash('sha256')
    .update(GetWidgetResponse.encode(response).finish())
    .digest('base64url')
    .slice(0, 22);
}
