import type { Queryable } from '../database/queryable.ts';

/**
 * Two customers became one: links, referrals and traces of the removed one are the kept one's. Of two referrals that
 * brought the same person the one that went further stays theirs, and a customer who turns out to have referred themselves is
 * refused. What was paid stays paid: entries are never changed, and points moved with the person.
 */
export async function moveReferrals(
  on: Queryable,
  merchantId: string,
  from: string,
  to: string,
): Promise<void> {
  const ids = [merchantId, from, to];
  await on.query(
    `INSERT INTO referral_traces AS t (merchant_id, customer_id, kind, trace_hash, seen_at)
     SELECT $1, $3, f.kind, f.trace_hash, f.seen_at FROM referral_traces f WHERE f.merchant_id = $1 AND f.customer_id = $2
     ON CONFLICT (merchant_id, customer_id, kind, trace_hash) DO UPDATE SET seen_at = greatest(t.seen_at, EXCLUDED.seen_at)`,
    ids,
  );
  // Both had a link: the removed one's still leads to them, and the kept one's is shown.
  await on.query(
    `UPDATE referral_links l SET advocate_customer_id = $3,
       status = CASE WHEN EXISTS (SELECT 1 FROM referral_links k WHERE k.merchant_id = $1
         AND k.advocate_customer_id = $3 AND k.status = 'active') THEN 'disabled' ELSE l.status END
     WHERE l.merchant_id = $1 AND l.advocate_customer_id = $2`,
    ids,
  );
  await on.query(
    `UPDATE referrals r SET advocate_customer_id = $3
     WHERE r.merchant_id = $1 AND r.advocate_customer_id = $2 AND r.friend_customer_id <> $3`,
    ids,
  );
  await on.query(
    `UPDATE referrals r SET friend_customer_id = $3
     WHERE r.merchant_id = $1 AND r.friend_customer_id = $2 AND r.advocate_customer_id <> $3
       AND NOT EXISTS (SELECT 1 FROM referrals k WHERE k.merchant_id = $1 AND k.friend_customer_id = $3)`,
    ids,
  );
  // What could not move has no one left to be rewarded by: it ends where it is.
  await on.query(
    `UPDATE referrals r SET status = 'refused', refusal = 'suspicious'
     WHERE r.merchant_id = $1 AND r.status IN ('pending', 'held')
       AND (r.friend_customer_id = $2 OR (r.advocate_customer_id = $2 AND r.friend_customer_id = $3))`,
    ids,
  );
}
