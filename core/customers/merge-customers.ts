import type { PoolClient } from 'pg';
import { closeMembers, heirOf, lockIdentities, moveHolds } from '../members/identities.store.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { tombstoneOf } from '../members/customer-encryption.ts';
import { followMerge, lockCustomers, lockCustomersById } from '../members/customers.store.ts';
import { moveReferrals } from '../referrals/merge-referrals.store.ts';
import { inheritCompany } from '../members/participation.store.ts';
import { makeUnknownMember } from '../members/unknown-member.ts';
import { moveOrders, movePoints } from './merge-customers.store.ts';

export interface Merge {
  readonly keptShopifyCustomerId: string;
  readonly removedShopifyCustomerId: string;
  readonly actor: string;
}

type Dependencies = Pick<CoreDependencies, 'encryption' | 'blindIndex'>;

/**
 * Shopify made one customer of two: everything the removed one holds moves to the kept one, by entries on both sides
 * and with the expiry it had. Orders, redemptions and points set aside follow, so that a later refund or return is
 * settled with the person who has the points.
 *
 * Both names are followed through earlier merges first, so that merges may arrive in any order and none creates a cycle.
 * For an unknown customer an empty member is created, so that later updates about them are found.
 * Points of an erased person, and points that would go to one, stay where they are.
 */
export async function mergeCustomers(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  merge: Merge,
): Promise<{ customerId: string; pointsMoved: number }> {
  await lockIdentities(client, merchantId);
  const kept = await memberNamed(client, deps, merchantId, merge.keptShopifyCustomerId);
  const removed = await memberNamed(
    client,
    deps,
    merchantId,
    merge.removedShopifyCustomerId,
    !kept.isErased,
  );
  const to = kept.heirId;
  if (kept.isErased || removed.isErased) return { customerId: to, pointsMoved: 0 };
  // Told again. What members got in earlier releases after they were merged away still follows.
  const isNew = removed.heirId !== to;
  const from = isNew ? removed.heirId : removed.ownId;
  if (from === to) return { customerId: to, pointsMoved: 0 };

  await lockCustomersById(client, merchantId, [from, to]);
  await moveOrders(client, merchantId, from, to);
  await moveReferrals(client, merchantId, from, to);
  await inheritCompany(client, merchantId, from, to);
  await markForReview(client, merchantId, [to]);
  await followMerge(client, merchantId, from, to);
  const key = `merge/${from}/${to}${isNew ? '' : '/again'}`;
  await moveHolds(client, merchantId, from, to);
  const pointsMoved = await movePoints(client, merchantId, from, to, key, merge.actor);
  await closeMembers(client, merchantId, [from]);
  if (isNew) {
    await writeAudit(client, merchantId, {
      actor: merge.actor,
      action: 'customers_merged',
      targetTable: 'customers',
      targetId: to,
      metadata: { removed_customer_id: from, points_moved: pointsMoved },
    });
  }
  return { customerId: to, pointsMoved };
}

interface FoundMember {
  /** Who the Shopify id was given to. */
  readonly ownId: string;
  /** Who has now what they had. */
  readonly heirId: string;
  readonly isErased: boolean;
}

async function memberNamed(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  shopifyCustomerId: string,
  canBeMade = true,
): Promise<FoundMember> {
  const names = [shopifyCustomerId, tombstoneOf(deps, merchantId, shopifyCustomerId)];
  let [row] = await lockCustomers(client, merchantId, names);
  if (row === undefined) {
    if (!canBeMade) return { ownId: '', heirId: '', isErased: true };
    await makeUnknownMember(client, deps, merchantId, shopifyCustomerId);
    [row] = await lockCustomers(client, merchantId, names);
  }
  if (row === undefined) throw new Error('a member who was made for a merge has gone');
  const ownId = row.customer_id;
  const heirId = await heirOf(client, merchantId, ownId);
  const [heir] = await lockCustomersById(client, merchantId, [heirId]);
  return { ownId, heirId, isErased: row.redacted_at !== null || heir?.redacted_at !== null };
}
