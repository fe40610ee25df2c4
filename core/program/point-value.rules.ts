import { parseAmount } from '../shared/money.rules.ts';

/** A reward that turns points into money of the shop's currency. */
export interface MoneyReward {
  readonly pointsCost: number;
  /** A decimal string, of the points above. */
  readonly value: string;
}

/**
 * What points can be exchanged for at most: by the reward that gives most for a point, rounded up, because it is a cost.
 * @returns ten-thousandths, or undefined when no reward gives money
 */
export function worthOfPoints(points: bigint, rewards: readonly MoneyReward[]): bigint | undefined {
  let most: bigint | undefined;
  for (const { pointsCost, value } of rewards) {
    const amount = parseAmount(value) ?? 0n;
    if (amount <= 0n || pointsCost <= 0) continue;
    const cost = BigInt(pointsCost);
    const worth = (points * amount + cost - 1n) / cost;
    if (most === undefined || worth > most) most = worth;
  }
  return most;
}
