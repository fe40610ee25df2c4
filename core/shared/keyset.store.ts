import type { QueryResultRow } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import {
  decodeCursor,
  encodeCursor,
  microseconds,
  timePattern,
  uuidPattern,
} from './cursor.rules.ts';

export interface KeysetQuery<Row> {
  /** Up to and without WHERE. */
  readonly select: string;
  readonly where: readonly string[];
  readonly values: readonly unknown[];
  /** The columns that are walked, both descending: newest first. */
  readonly time: string;
  readonly id: string;
  readonly idOf: (row: Row) => string;
  readonly pageSize: number;
  readonly cursor: string;
}

/** A page of a list walked by time and id. A cursor that is not ours is the end of the list. */
export async function keysetPage<Row extends QueryResultRow>(
  on: Queryable,
  query: KeysetQuery<Row>,
): Promise<{ rows: Row[]; nextCursor: string }> {
  const values = [...query.values];
  const where = [...query.where];
  if (query.cursor !== '') {
    const after = decodeCursor(query.cursor, timePattern, uuidPattern);
    if (after === undefined) return { rows: [], nextCursor: '' };
    const [time, id] = after.map((part) => `$${values.push(part)}`);
    where.push(`(${query.time}, ${query.id}) < (${time}::timestamptz, ${id}::uuid)`);
  }
  const { rows } = await on.query<Row & { keyset_time: string }>(
    `${query.select.replace(' FROM ', `, ${microseconds(query.time)} AS keyset_time FROM `)}
     ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY ${query.time} DESC, ${query.id} DESC LIMIT $${values.push(query.pageSize + 1)}`,
    values,
  );
  const page = rows.slice(0, query.pageSize);
  const last = rows.length > query.pageSize ? page.at(-1) : undefined;
  return {
    rows: page,
    nextCursor: last === undefined ? '' : encodeCursor(last.keyset_time, query.idOf(last)),
  };
}
