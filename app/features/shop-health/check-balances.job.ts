import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const balancesPerRange = 1_000;

/** Compares all balances of a shop with what they are made of, and tells core, and the operator, what does not hold. */
export async function checkBalances(
  { merchantId }: JobData<'check-balances'>,
  services: JobServices,
): Promise<void> {
  const { admin } = services.core(merchantId);
  const total = { balancesChecked: 0, balancesBroken: 0 };
  const invariants = new Set<string>();
  for (let cursor = ''; ;) {
    const step = await admin.checkBalances({ cursor, limit: balancesPerRange });
    total.balancesChecked += step.balancesChecked;
    total.balancesBroken += step.balancesBroken;
    for (const invariant of step.brokenInvariants) invariants.add(invariant);
    cursor = step.nextCursor;
    if (cursor === '') break;
  }
  await admin.recordShopVisit({ ledger: total });
  if (total.balancesBroken > 0)
    log().error(
      { merchantId, ...total, invariants: [...invariants] },
      'Balances are not what their entries say',
    );
}
