import type { MemberReview } from '../members/review.ts';
import { claimGoals } from './claim.rules.ts';
import { readGoalStandings } from './earning.store.ts';
import { expiryOf } from '../program/program.rules.ts';
import { readProgram } from '../program/program.store.ts';

/** Gives members the points of the spending goals that their orders have reached. */
export async function reviewGoals({
  client,
  merchantId,
  customerIds,
  now,
  ledger,
}: Pick<MemberReview, 'client' | 'merchantId' | 'customerIds' | 'now' | 'ledger'>): Promise<void> {
  const { program } = await readProgram(client, merchantId);
  const rule = program.earning.actions.goal_spend;
  if (!program.isActive || !rule.isEnabled || rule.since === '') return;
  const standings = await readGoalStandings(client, merchantId, customerIds, rule.since);
  const grants = standings.flatMap(({ actor, spent }) =>
    claimGoals(program, actor, spent).map(({ points, key }) => ({
      merchantId,
      customerId: actor.customerId,
      points,
      key,
      source: 'goal_spend',
      expiresAt: expiryOf(program, now),
      metadata: { reason_code: 'goal_spend' as const, rule_version: program.version },
    })),
  );
  if (grants.length > 0) await ledger.award(grants, client);
}
