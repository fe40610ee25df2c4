import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(16 * 256);
let used = pool.length;

/**
 * A version 7 UUID: its leading 48 bits are the time in milliseconds, so that the primary key of the ledger grows
 * at its right edge instead of all over the index (RFC 9562, 5.7).
 */
export function newEntryId(now = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += 16;
  pool.writeUIntBE(now, at, 6);
  pool[at + 6] = (pool.readUInt8(at + 6) & 0x0f) | 0x70;
  pool[at + 8] = (pool.readUInt8(at + 8) & 0x3f) | 0x80;
  const hex = pool.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
