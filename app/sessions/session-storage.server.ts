import { Session } from '@shopify/shopify-app-remix/server';
import type pg from 'pg';
import { sessionPool } from './database.server.ts';
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
    const seal = (token: string | undefined, column: string) =>
      token === undefined
        ? null
        : this.#cipher.encrypt(token, contextOf(session.shop, session.id, column));
    await this.#database.query('SELECT store_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
      session.id,
      session.shop,
      session.state,
      session.isOnline,
      session.scope ?? null,
      seal(session.accessToken, 'access_token'),
      seal(session.refreshToken, 'refresh_token'),
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

  /** Undefined when a token cannot be read any more (its key is gone): the shop then signs in anew, without a fuss. */
  #toSession(row: SessionRow): Session | undefined {
    const open = (sealed: Buffer | null, column: string) =>
      sealed === null
        ? undefined
        : this.#cipher.decrypt(sealed, contextOf(row.shop, row.session_id, column));
    try {
      const accessToken = open(row.access_token, 'access_token');
      const refreshToken = open(row.refresh_token, 'refresh_token');
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
  storage ??= new SessionStorage(sessionPool(), createTokenCipher(env().ENCRYPTION_KEYS));
  return storage;
}
