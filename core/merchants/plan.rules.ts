import type { PlanAllowance } from '#proto/admin/v1/plan.ts';
import type { AllowanceStanding } from '#vocabulary/shops.ts';

/** The share of an allowance from which the merchant is warned. */
const nearPercent = 80;

/** @param limit null: without limit */
export function allowanceOf(used: number, limit: number | null): PlanAllowance {
  return { used, limit: limit ?? -1, standing: standingOf(used, limit) };
}

function standingOf(used: number, limit: number | null): AllowanceStanding {
  if (limit === null) return 'fine';
  if (used >= limit) return 'reached';
  return used * 100 >= limit * nearPercent ? 'near' : 'fine';
}

/** Which of the two are worth a warning, as one word for a log; empty for neither. */
export function warningOf(usage: {
  readonly orders: PlanAllowance;
  readonly smsReferrals: PlanAllowance;
}): string {
  return [
    ...(usage.orders.standing === 'fine' ? [] : ['orders']),
    ...(usage.smsReferrals.standing === 'fine' ? [] : ['sms_referrals']),
  ].join('+');
}
