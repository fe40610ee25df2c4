import { Session } from '@shopify/shopify-app-remix/server';
import type pg from 'pg';
import { sessionQueries } from './database.server.ts';
import { createTokenCipher } from './token-cipher.server.ts';
import type { TokenCipher } from './token-cipher.server.ts';
import { env } from '../env.server.ts';

interface SessionRow {
  session_id: string;
  shop: string;
  state: string | null;
  is_online: boolean;
  scope: string | null;
  access_token: Buffer | null;
  refresh_token: Buffer | null;
  expires_at: Date | null;
  refresh_expires_at: Date | null;
  user_id: string | null;
}

type Querier = Pick<pg.Pool, 'query'>;

const tokensPerRound = 500;

/**
 * Shopify's sessions in PostgreSQL, their tokens encrypted. A session is found before its tenant is known, so the table
 * is reached through functions of the database that do just this; the app has no right on the table itself.
 */
export class SessionStorage {
  readonly #database: Querier;
  readonly #cipher: TokenCipher;

  constructor(database: Querier, cipher: TokenCipher) {
    this.#database = database;
    this.#cipher = cipher;
  }

  /** The same storage inside a transaction. */
  within(client: Querier): SessionStorage {
    return new SessionStorage(client, this.#cipher);
  }

  async storeSession(session: Session): Promise<boolean> {
    const encrypted = (token: string | undefined, column: string) =>
      token === undefined
        ? null
        : this.#cipher.encrypt(token, contextOf(session.shop, session.id, column));
    await this.#database.query('SELECT store_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
      session.id,
      session.shop,
      session.state,
      session.isOnline,
      session.scope ?? null,
      encrypted(session.accessToken, 'access_token'),
      encrypted(session.refreshToken, 'refresh_token'),
      session.expires ?? null,
      session.refreshTokenExpires ?? null,
      session.onlineAccessInfo === undefined
        ? null
        : String(session.onlineAccessInfo.associated_user.id),
    ]);
    return true;
  }

  async loadSession(id: string): Promise<Session | undefined> {
    const { rows } = await this.#database.query<SessionRow>('SELECT * FROM load_session($1)', [id]);
    return rows[0] === undefined ? undefined : this.#toSession(rows[0]);
  }

  async deleteSession(id: string): Promise<boolean> {
    return this.deleteSessions([id]);
  }

  async deleteSessions(ids: string[]): Promise<boolean> {
    await this.#database.query('SELECT delete_sessions($1)', [ids]);
    return true;
  }

  async findSessionsByShop(shop: string): Promise<Session[]> {
    const { rows } = await this.#database.query<SessionRow>(
      'SELECT * FROM find_sessions_by_shop($1)',
      [shop],
    );
    return rows.flatMap((row) => this.#toSession(row) ?? []);
  }

  /**
   * Re-encrypts tokens that an old key encrypted. A token renewed meanwhile is kept as renewed; one that cannot be
   * decrypted is left as it is, and its shop signs in again.
   */
  async reencryptTokens(): Promise<number> {
    if (!this.#cipher.hasOldKeys) return 0;
    let count = 0;
    for (const column of ['access_token', 'refresh_token']) {
      for (let after = { shop: '', id: '' }; ;) {
        const { rows } = await this.#database.query<{
          tenant: string;
          row_id: string;
          value: Buffer;
        }>(
          `SELECT tenant, row_id, value FROM encrypted_with_other_keys('shopify_sessions', $1, $2, $3, $4, $5)`,
          [column, this.#cipher.header, after.shop, after.id, tokensPerRound],
        );
        const changes = rows.flatMap((row) => {
          const reencrypted = this.#reencrypt(row.value, contextOf(row.tenant, row.row_id, column));
          return reencrypted === undefined ? [] : [{ ...row, reencrypted }];
        });
        if (changes.length > 0)
          await this.#database.query(
            `SELECT encrypted_replace('shopify_sessions', $1, $2, $3, $4, $5)`,
            [
              column,
              changes.map((change) => change.tenant),
              changes.map((change) => change.row_id),
              changes.map((change) => change.value),
              changes.map((change) => change.reencrypted),
            ],
          );
        count += changes.length;
        const last = rows.at(-1);
        if (last === undefined || rows.length < tokensPerRound) break;
        after = { shop: last.tenant, id: last.row_id };
      }
    }
    return count;
  }

  #reencrypt(value: Buffer, context: string): Buffer | undefined {
    try {
      return this.#cipher.encrypt(this.#cipher.decrypt(value, context), context);
    } catch {
      return undefined;
    }
  }

  /** Undefined when a token cannot be decrypted any more (its key is gone): the shop then signs in again. */
  #toSession(row: SessionRow): Session | undefined {
    const decrypted = (value: Buffer | null, column: string) =>
      value === null
        ? undefined
        : this.#cipher.decrypt(value, contextOf(row.shop, row.session_id, column));
    try {
      const accessToken = decrypted(row.access_token, 'access_token');
      const refreshToken = decrypted(row.refresh_token, 'refresh_token');
      return new Session({
        id: row.session_id,
        shop: row.shop,
        state: row.state ?? '',
        isOnline: row.is_online,
        ...(row.scope === null ? {} : { scope: row.scope }),
        ...(accessToken === undefined ? {} : { accessToken }),
        ...(refreshToken === undefined ? {} : { refreshToken }),
        ...(row.expires_at === null ? {} : { expires: row.expires_at }),
        ...(row.refresh_expires_at === null ? {} : { refreshTokenExpires: row.refresh_expires_at }),
      });
    } catch {
      return undefined;
    }
  }
}

function contextOf(shop: string, sessionId: string, column: string): string {
  return `shopify_sessions/${shop}/${sessionId}/${column}`;
}

let storage: SessionStorage | undefined;

export function sessionStorage(): SessionStorage {
  storage ??= new SessionStorage(sessionQueries, createTokenCipher(env().ENCRYPTION_KEYS));
  return storage;
}
