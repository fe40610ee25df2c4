import type { Queryable } from '../database/queryable.ts';

interface CheckedBalances {
  readonly checked: number;
  readonly broken: number;
  /** In the words of ledger_broken_invariants(). */
  readonly invariants: readonly string[];
  /** The last member of the range; null where there was none. */
  readonly last: string | null;
}

interface Row {
  customer_id: string;
  broken: string[];
}

/**
 * The invariants of ledger_broken_invariants() for the tenant's members after one of them, in the order of their ids: a
 * large shop is looked at in ranges, each of them one statement, so that what it compares is of one moment.
 */
export async function checkBalancesAfter(
  on: Queryable,
  merchantId: string,
  after: string,
  limit: number,
): Promise<CheckedBalances> {
  const { rows } = await on.query<Row>(
    `WITH members AS MATERIALIZED (
       SELECT b.customer_id, b.balance, b.version, b.held, b.debt FROM points_balances b
       WHERE b.merchant_id = $1 AND ($2::uuid IS NULL OR b.customer_id > $2) ORDER BY b.customer_id LIMIT $3
     ), chain AS (
       SELECT t.customer_id, t.sequence, t.points,
              t.balance_after <> t.points + lag(t.balance_after, 1, 0::bigint) OVER w
                OR t.sequence <> row_number() OVER w AS is_broken
       FROM members m JOIN points_transactions t ON t.merchant_id = $1 AND t.customer_id = m.customer_id
       WINDOW w AS (PARTITION BY t.customer_id ORDER BY t.sequence)
     ), entries AS (
       SELECT c.customer_id, sum(c.points) AS total, max(c.sequence) AS last, bool_or(c.is_broken) AS is_broken
       FROM chain c GROUP BY c.customer_id
     ), lots AS (
       SELECT l.customer_id, sum(l.remaining) AS remaining FROM members m
       JOIN point_lots l ON l.merchant_id = $1 AND l.customer_id = m.customer_id GROUP BY l.customer_id
     ), holds AS (
       SELECT h.customer_id, sum(h.points) AS held FROM members m
       JOIN point_holds h ON h.merchant_id = $1 AND h.customer_id = m.customer_id AND h.status = 'active'
       GROUP BY h.customer_id
     )
     SELECT m.customer_id, array_remove(ARRAY[
         CASE WHEN e.is_broken THEN 'chain' END,
         CASE WHEN m.balance <> coalesce(e.total, 0) OR m.version <> coalesce(e.last, 0) THEN 'balance_is_entries' END,
         CASE WHEN m.balance <> coalesce(l.remaining, 0) - m.debt THEN 'balance_is_lots_less_debt' END,
         CASE WHEN m.held <> coalesce(h.held, 0) THEN 'held_is_holds' END], NULL) AS broken
     FROM members m LEFT JOIN entries e USING (customer_id) LEFT JOIN lots l USING (customer_id)
       LEFT JOIN holds h USING (customer_id)
     ORDER BY m.customer_id`,
    [merchantId, after === '' ? null : after, limit],
  );
  return {
    checked: rows.length,
    broken: rows.filter(({ broken }) => broken.length > 0).length,
    invariants: [...new Set(rows.flatMap(({ broken }) => broken))].sort(),
    last: rows.at(-1)?.customer_id ?? null,
  };
}
