import { shopperOf, tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tombstoneOf } from '../members/customer-encryption.ts';
import { identityInForce, shopifyIdOfHeir } from '../members/identities.store.ts';
import { absenceOf } from '../members/participation.rules.ts';
import { programFromConfig, rateKept } from '../program/program.rules.ts';
import { notFound } from '../shared/errors.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { contextOf } from './order-facts.ts';
import { readOrderContexts } from './orders.store.ts';
import { quotePoints } from './quote.rules.ts';

/** What a cart or a product would earn, for the shopper who looks at it. */
export function quoteMethods(deps: CoreDependencies): PointsMethods<'calculateDynamicPoints'> {
  const { pool, clock } = deps;
  return {
    async calculateDynamicPoints(request, context) {
      const merchantId = tenantOf(context);
      const now = clock();
      const shopper = await quotedShopper(pool, merchantId, shopperOf(context), request.customerId);
      const [row] = await readOrderContexts(pool, [
        {
          merchantId,
          shopifyCustomerId: shopper ?? null,
          tombstone: shopper === undefined ? null : tombstoneOf(deps, merchantId, shopper),
          orderedAt: now.toISOString(),
        },
      ]);
      if (row === undefined || row.currency === null) throw notFound('merchant');
      const program = programFromConfig(row.config);
      const { currency } = row;
      // A signed-in shopper has an account.
      const quote = quotePoints(
        request.lines.map(({ productId, subtotal }, index) => ({
          lineId: String(index),
          productId,
          worth: parseAmount(subtotal) ?? 0n,
        })),
        program,
        contextOf(row, program, shopperOf(context) !== undefined),
        { at: now, currency, country: request.country, absence: absenceOf(row.member?.absence) },
      );
      const told = (name: string) => {
        const value = quote.metadata?.[name];
        return typeof value === 'string' ? value : '';
      };
      return {
        points: quote.points,
        rate: told('rate') || rateKept(program),
        multiplier: told('multiplier') || '1',
        multiplierSource: told('multiplier_source'),
        base: told('base'),
        currency,
        reason: quote.reason,
      };
    },
  };
}

/** Staff name a member; a shopper is who the token says and may at most name themselves. */
async function quotedShopper(
  pool: CoreDependencies['pool'],
  merchantId: string,
  shopper: string | undefined,
  customerId: string,
): Promise<string | undefined> {
  const inForce =
    shopper === undefined ? undefined : await identityInForce(pool, merchantId, shopper);
  if (customerId === '') return inForce;
  const named = await withTenant(pool, merchantId, (client) =>
    shopifyIdOfHeir(client, merchantId, customerId),
  );
  if (named === undefined || (inForce !== undefined && named !== inForce))
    throw notFound('customer_id');
  return named ?? undefined;
}
