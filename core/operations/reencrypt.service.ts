import { DecryptionError } from '../shared/encryption.ts';
import type { Encryption } from '../shared/encryption.ts';
import { decodeCursor, encodeCursor } from '../shared/cursor.rules.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import {
  listEncryptedColumns,
  readEncryptedWithOtherKeys,
  replaceEncrypted,
} from './reencrypt.store.ts';
import type { EncryptedColumn, EncryptedValue } from './reencrypt.store.ts';
import type { AdminMethods } from '../call/methods.ts';

const anyText = /^[^\0]*$/;

/** Re-encrypts what an old key encrypted, so that the old key can be taken out of the ring. */
export function reencryptMethods({
  pool,
  encryption,
  logger,
}: Pick<CoreDependencies, 'pool' | 'encryption' | 'logger'>): AdminMethods<'reencryptValues'> {
  return {
    async reencryptValues({ cursor, limit }) {
      const done = { reencrypted: 0, unreadable: 0, nextCursor: '' };
      if (!encryption.hasOldKeys) return done;
      const columns = await listEncryptedColumns(pool);
      const [table, column, tenant = '', rowId = ''] =
        decodeCursor(cursor, anyText, anyText, anyText, anyText) ?? [];
      // A column that a release took away in the middle: from the beginning, which costs a look at what is done.
      const at = Math.max(
        0,
        columns.findIndex((each) => each.table === table && each.column === column),
      );
      const current = columns[at];
      if (current === undefined) return done;
      const { header } = encryption;
      const found = await readEncryptedWithOtherKeys(
        pool,
        current,
        header,
        { tenant, rowId },
        limit,
      );
      const readable = found.flatMap((value) => {
        const reencrypted = reencrypt(encryption, current, value);
        return reencrypted === undefined ? [] : [{ ...value, reencrypted }];
      });
      const reencrypted = await replaceEncrypted(pool, current, readable);
      const unreadable = found.length - readable.length;
      if (unreadable > 0)
        logger.warn(
          { ...current, unreadable },
          'encrypted values do not decrypt and stay as they are',
        );
      const last = found.length === limit ? found.at(-1) : undefined;
      const next = last === undefined ? columns[at + 1] : current;
      const nextCursor =
        next === undefined
          ? ''
          : encodeCursor(next.table, next.column, last?.tenant ?? '', last?.rowId ?? '');
      return { reencrypted, unreadable, nextCursor };
    },
  };
}

function reencrypt(
  encryption: Encryption,
  { table, column }: EncryptedColumn,
  { tenant, rowId, value }: EncryptedValue,
): Buffer | undefined {
  const place = { merchantId: tenant, table, column, rowId };
  try {
    return encryption.encryptBytes(encryption.decryptBytes(value, place), place);
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}
