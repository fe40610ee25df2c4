import type { Life, Member, Sums } from './state.ts';

export function sumsOf(member: Member): Sums {
  member.sums ??= sumUp(member);
  return member.sums;
}

function sumUp({ orders }: Member): Sums {
  const counted = orders.filter(({ row }) => row.counts);
  return {
    orders: counted.length,
    spend: counted.reduce((sum, { net }) => sum + net, 0n),
    lastAt:
      counted.length === 0 ? null : new Date(Math.max(...counted.map((order) => order.orderedAt))),
  };
}

/** When points that are earned now expire. */
export function expiryAt({ rules, calendar }: Life, at: number): number | null {
  const { expiryDays } = rules.program;
  return expiryDays === 0 ? null : calendar.dayEnd(at, expiryDays);
}
