import type { Pool } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { goalStandingOf } from '../campaigns/campaign-grants.rules.ts';
import { readCountedOrders } from '../campaigns/campaign-grants.store.ts';
import { goalKey } from '../earning/claim.rules.ts';
import { readGoalStandings } from '../earning/earning.store.ts';
import { programFromConfig } from '../program/program.rules.ts';
import { noStandings } from './widget-earning.rules.ts';
import type { GoalStandings } from './widget-earning.rules.ts';
import type { WidgetRow } from './widget.store.ts';

/**
 * How far a member is with the goals that are on, by the same queries that give their points. A shop without goals, and
 * a guest, cost no reading.
 */
export async function readGoals(
  pool: Pool,
  merchantId: string,
  row: WidgetRow,
): Promise<GoalStandings> {
  const { customer_id: customerId } = row;
  const program = programFromConfig({ ...(row.config as object) });
  if (customerId === null || !program.isActive) return noStandings;
  const campaigns = (row.campaigns ?? [])
    .map(campaignFromRow)
    .filter(({ type, conditions }) => type === 'goal_spend' && conditions.goalAmount > 0n);
  const rule = program.earning.actions.goal_spend;
  const hasRule = rule.isEnabled && rule.amount > 0n && rule.since !== '';
  if (campaigns.length === 0 && !hasRule) return noStandings;

  return withTenant(pool, merchantId, async (client) => {
    const starts = campaigns.map(({ startsAt }) => startsAt?.getTime() ?? -Infinity);
    const earliest = Math.min(...starts);
    const orders =
      campaigns.length === 0
        ? []
        : await readCountedOrders(
            client,
            merchantId,
            [customerId],
            Number.isFinite(earliest) ? new Date(earliest) : null,
            program.awardOn === 'paid',
          );
    const [own] = hasRule
      ? await readGoalStandings(client, merchantId, [customerId], rule.since)
      : [];
    return {
      campaigns: new Map(
        campaigns.map((campaign) => [campaign.campaignId, goalStandingOf(campaign, orders)]),
      ),
      program:
        own === undefined
          ? null
          : {
              spent: own.spent,
              isReached:
                own.spent >= rule.amount || own.actor.keys.has(goalKey(rule.since, 1n, customerId)),
            },
    };
  });
}
