import type { Queryable } from '../database/queryable.ts';
import type { Absence } from '#vocabulary/customers.ts';
import {
  absenceOf,
  participationFrom,
  participationJson,
  type Participation,
} from './participation.rules.ts';

/** The tenant must be set. */
export async function readParticipation(on: Queryable, merchantId: string): Promise<Participation> {
  const { rows } = await on.query<{ stored: unknown }>(
    'SELECT s.participation AS stored FROM program_settings s WHERE s.merchant_id = $1',
    [merchantId],
  );
  return participationFrom(rows[0]?.stored);
}

/** The caller has locked the tenant. */
export async function saveParticipation(
  on: Queryable,
  merchantId: string,
  participation: Participation,
): Promise<void> {
  await on.query(
    `INSERT INTO program_settings (merchant_id, participation) VALUES ($1, $2)
     ON CONFLICT (merchant_id) DO UPDATE SET participation = EXCLUDED.participation`,
    [merchantId, JSON.stringify(participationJson(participation))],
  );
}

/** Has those reviewed whom these settings exclude: by other settings their tier and campaigns go on. */
export async function reviewExcluded(
  on: Queryable,
  merchantId: string,
  { excludedTags, excludesCompanies }: Participation,
): Promise<void> {
  if (excludedTags.length === 0 && !excludesCompanies) return;
  await on.query(
    `WITH mine AS (
       SELECT c.customer_id FROM members_excluded($2, $3) x(customer_id)
       JOIN customers c ON c.merchant_id = $1 AND c.customer_id = x.customer_id
       ORDER BY c.customer_id FOR NO KEY UPDATE OF c
     )
     UPDATE customers c SET review_due_at = least(c.review_due_at, now()) FROM mine
     WHERE c.merchant_id = $1 AND c.customer_id = mine.customer_id`,
    [merchantId, excludedTags, excludesCompanies],
  );
}

export interface ExcludedRow {
  customer_id: string;
  email: Buffer | null;
  first_name: Buffer | null;
  last_name: Buffer | null;
  balance: number;
  customers: number;
  points: number;
}

/** Whom these settings exclude, those with the most points first; each row has the totals, too. */
export async function previewExclusions(
  on: Queryable,
  merchantId: string,
  { excludedTags, excludesCompanies }: Participation,
  limit: number,
): Promise<ExcludedRow[]> {
  const { rows } = await on.query<ExcludedRow>(
    `SELECT c.customer_id, c.email, c.first_name, c.last_name, f.balance, f.customers, f.points FROM (
       SELECT x.customer_id, coalesce(b.balance, 0) AS balance, count(*) OVER () AS customers,
              coalesce(sum(b.balance) OVER (), 0)::bigint AS points
       FROM members_excluded($2, $3) x(customer_id)
       LEFT JOIN points_balances b ON b.merchant_id = $1 AND b.customer_id = x.customer_id
       ORDER BY coalesce(b.balance, 0) DESC, x.customer_id LIMIT $4
     ) f JOIN customers c ON c.merchant_id = $1 AND c.customer_id = f.customer_id
     ORDER BY f.balance DESC, f.customer_id`,
    [merchantId, excludedTags, excludesCompanies, limit],
  );
  return rows;
}

/** Of these members those who take part. */
export async function participantsOf(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const { rows } = await on.query<{ customer_id: string }>(
    `SELECT u.customer_id FROM unnest($2::uuid[]) u(customer_id) WHERE member_absence($1, u.customer_id) IS NULL`,
    [merchantId, customerIds],
  );
  return new Set(rows.map((row) => row.customer_id));
}

export async function readAbsence(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<Absence | null> {
  const { rows } = await on.query<{ absence: string | null }>(
    'SELECT member_absence($1, $2) AS absence',
    [merchantId, customerId],
  );
  return absenceOf(rows[0]?.absence);
}

/** What Shopify reports of members: whether they are contacts of a company. Their rows are locked. */
export async function recordCompanies(
  on: Queryable,
  merchantId: string,
  told: readonly { readonly customerId: string; readonly isCompany: boolean }[],
): Promise<void> {
  if (told.length === 0) return;
  await on.query(
    `UPDATE customers c SET is_company = u.is_company FROM unnest($2::uuid[], $3::boolean[]) u(customer_id, is_company)
     WHERE c.merchant_id = $1 AND c.customer_id = u.customer_id AND c.is_company <> u.is_company`,
    [merchantId, told.map(({ customerId }) => customerId), told.map(({ isCompany }) => isCompany)],
  );
}

/** Who bought for a company under either of two names that became one does so under the one that is left. */
export async function inheritCompany(
  on: Queryable,
  merchantId: string,
  from: string,
  to: string,
): Promise<void> {
  await on.query(
    `UPDATE customers c SET is_company = true FROM customers f
     WHERE c.merchant_id = $1 AND c.customer_id = $3 AND f.merchant_id = $1 AND f.customer_id = $2
       AND f.is_company AND NOT c.is_company`,
    [merchantId, from, to],
  );
}
