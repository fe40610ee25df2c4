import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import type { AdminMethods } from '../call/methods.ts';
import { chooseTips } from './tips.rules.ts';
import { readTipState, rememberTips } from './tips.store.ts';
import type { TipId } from '#vocabulary/shops.ts';

/** What a shop could make use of, a little a day. */
export function tipMethods({
  pool,
  clock,
}: Pick<CoreDependencies, 'pool' | 'clock'>): AdminMethods<'getTips' | 'dismissTip'> {
  return {
    getTips: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const state = await readTipState(client, merchantId, clock());
        if (state === undefined) throw notFound('merchant');
        const { facts, memories, today } = state;
        const { shown, fresh } = chooseTips(facts, memories, today);
        await rememberTips(client, merchantId, fresh, { shown_on: today });
        return {
          tips: shown.map((tipId) => ({
            tipId,
            members: tipId === 'win_back' ? facts.membersAtRisk : 0,
            isNew: fresh.includes(tipId),
          })),
        };
      }),

    dismissTip: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const tips = [request.tipId as TipId];
        await rememberTips(client, tenantOf(context), tips, { dismissed: !request.undo });
        return {};
      }),
  };
}
