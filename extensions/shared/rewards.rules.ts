import type { Redemption, Reward, TierStanding } from './contract.ts';

export type Offer =
  | { readonly kind: 'ready'; readonly choices: readonly number[] }
  | { readonly kind: 'missing'; readonly points: number }
  | { readonly kind: 'tier'; readonly names: readonly string[] };

/** As many choices as a person will read; steps between are left out. */
const most = 10;

/**
 * Whether a reward is affordable, and for which numbers of points if there is a choice.
 * The first choice is the cheapest.
 */
export function offerOf(reward: Reward, available: number): Offer {
  if (!reward.eligible) return { kind: 'tier', names: reward.tiers ?? [] };
  const { points_cost: cost, steps } = reward;
  // A free reward is available even with a debt.
  if (reward.offer === true) return { kind: 'ready', choices: [0] };
  const least = steps?.min ?? cost;
  if (available < least) return { kind: 'missing', points: least - available };
  if (steps === undefined) return { kind: 'ready', choices: [cost] };
  const highest = Math.min(steps.max, Math.floor(available / cost) * cost);
  const count = Math.floor((highest - least) / cost) + 1;
  const stride = Math.max(1, Math.ceil(count / most));
  const choices: number[] = [];
  for (let step = 0; step < count; step += stride) choices.push(least + step * cost);
  if (choices.at(-1) !== highest) choices.push(highest);
  return { kind: 'ready', choices };
}

/** Codes that can still be used: those of the top come first, as they are newest. */
export const openCodes = (redemptions: readonly Redemption[], now: Date): Redemption[] =>
  redemptions.filter(
    ({ status, used, code, expires_at: until }) =>
      status === 'completed' &&
      !used &&
      code !== undefined &&
      (until === undefined || new Date(until) > now),
  );

export interface TierView {
  readonly current: string | null;
  readonly next: string | null;
  readonly percent: number;
  readonly perks: string | null;
}

/** Null where the shop has no tiers. */
export function tierViewOf(tier: TierStanding | null): TierView | null {
  if (tier === null) return null;
  const named = (id: string | null) => tier.tiers.find((one) => one.id === id) ?? null;
  const current = named(tier.current);
  return {
    current: current?.name ?? null,
    next: named(tier.next)?.name ?? null,
    percent: tier.progress?.percent ?? 100,
    perks: current?.perks ?? null,
  };
}

/** A key for one attempt; a retry keeps it, so that points are spent once. */
export function newAttempt(): string {
  const part = () => Math.random().toString(36).slice(2, 12).padEnd(10, '0');
  return `${Date.now().toString(36)}-${part()}${part()}`;
}
