import type { ReferralServiceImplementation } from '#proto/referrals/v1/referrals.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import { hashed } from './claim-referral.ts';
import { keepTraces } from './links.store.ts';
import { peopleInReferrals, rateOrder } from './order-traces.store.ts';

type Methods = Pick<ReferralServiceImplementation<CallerContext>, 'keepTraces' | 'reportOrderRisk'>;

/** What orders tell of the people in referrals. */
export function orderTraceMethods(deps: CoreDependencies): Methods {
  const { pool } = deps;
  return {
    keepTraces: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const told = new Map(
          request.people.map((person) => [person.shopifyCustomerId, person.traces ?? {}]),
        );
        const people = await peopleInReferrals(client, merchantId, [...told.keys()]);
        for (const { customer_id: customerId, shopify_customer_id: id } of people)
          await keepTraces(
            client,
            merchantId,
            customerId,
            hashed(deps, merchantId, told.get(id) ?? {}),
          );
        return { kept: people.length };
      }),

    reportOrderRisk: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { status, friendId } = await rateOrder(client, merchantId, {
          orderId: request.orderId,
          risk: request.risk,
          ratedAt: new Date(request.ratedAt),
        });
        if (friendId !== null) await markForReview(client, merchantId, [friendId]);
        return { status };
      }),
  };
}
