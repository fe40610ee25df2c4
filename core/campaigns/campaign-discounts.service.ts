import { holdName } from '../database/advisory-lock.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, notFound, notParticipating } from '../shared/errors.ts';
import { isDiscountFor } from '../program/campaign-conditions.rules.ts';
import { readCampaign } from './campaigns.store.ts';
import type { PointsMethods } from '../call/methods.ts';
import { readProgram } from '../program/program.store.ts';
import { campaignGift } from './campaign-gift.rules.ts';
import { readCampaignGifts, readCountry } from '../rewards/gifts.store.ts';
import { memberOf, mustRead } from '../rewards/redemptions.service.ts';
import { toRedemptionMessage } from '../rewards/redemptions.store.ts';
import { missingPermissions } from '../rewards/rewards.rules.ts';
import { readGranted } from '../rewards/rewards.store.ts';
import { giveGifts } from '../rewards/start-redemption.ts';

/** The code of a discount campaign, taken by a member or by staff for one. */
export function campaignDiscountMethods(
  deps: CoreDependencies,
): PointsMethods<'redeemCampaignDiscount'> {
  const { pool, clock } = deps;
  return {
    redeemCampaignDiscount: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { campaignId } = request;
        const member = await memberOf(client, merchantId, request.customerId, context);
        const customerId = member.customer_id;
        // Ending the campaign waits for this and withdraws the code; or this sees that it is over.
        const found = await readCampaign(client, merchantId, campaignId, 'shared');
        if (!found) throw notFound('campaign_id');
        // Two calls of one member: the second waits, and finds what the first made.
        await holdName(client, `campaign/${merchantId}/${campaignId}/${customerId}`);
        const answer = async (redemptionId: string) => ({
          redemption: toRedemptionMessage(
            deps,
            merchantId,
            await mustRead(client, merchantId, redemptionId),
            clock(),
          ),
        });
        // One that Shopify refused is none: the member may ask again.
        const given = await readCampaignGifts(client, merchantId, campaignId, customerId);
        const had = given.find(({ isFailed }) => !isFailed);
        if (had) return answer(had.redemptionId);

        if (member.absence !== null) throw notParticipating();
        const { program, currency } = await readProgram(client, merchantId);
        const reward = campaignGift(found.campaign, currency);
        const known = {
          segments: member.segments,
          tierId: member.vip_tier_id,
          country: await readCountry(client, merchantId, customerId),
        };
        // The reason is not returned: a customer must not learn how they are segmented.
        const isOn = reward && program.isActive && isDiscountFor(found.campaign, known, clock());
        if (
          !isOn ||
          missingPermissions(reward.kind, await readGranted(client, merchantId)).length > 0
        )
          throw new DomainError('reward_unavailable', {
            field: 'campaign_id',
            message: 'the campaign is not on, or not for this member',
          });
        const { endsAt } = found.campaign;
        const [redemptionId] = await giveGifts(
          client,
          deps,
          merchantId,
          [
            {
              kind: 'campaign',
              customerId,
              campaignId,
              reward,
              value: reward.value,
              endsAt: found.campaign.reward.discount?.endsWithCampaign === true ? endsAt : null,
              key: `campaign/${campaignId}/discount/${customerId}/${given.length + 1}`,
            },
          ],
          clock(),
        );
        if (redemptionId === undefined)
          throw new DomainError('contention', { message: 'the same attempt is under way' });
        return answer(redemptionId);
      }),
  };
}
