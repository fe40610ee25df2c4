import pg from 'pg';
import { FairGate } from '../../proto/shared/fair-gate.ts';
import { callScope } from './call-scope.ts';

const { builtins } = pg.types;

/** bigint columns hold points and counts, which are safe integers; anything beyond is a defect and not a rounding. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the safe integers`);
  return value;
}

const parsers = new Map<number, (text: string) => unknown>([[builtins.INT8, safeInteger]]);

/** Numbers as numbers, money (numeric) as exact text, times as Date; for this pool alone, not for the whole process. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const parser = format === 'binary' ? undefined : parsers.get(oid);
    return parser ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown);
  },
};

export interface PoolOptions {
  readonly connectionString: string;
  readonly max: number;
  /** How long a new connection, and each query, may take; without it 10 s, and as long as the server allows. */
  readonly timeoutMs?: number;
  /** Hears of each connection that broke, whether it was idle or in use. */
  readonly onLoss?: (error: Error) => void;
}

/** Calls that wait for each connection: beyond it, what is answered is answered too late. */
const waitingPerConnection = 128;
/** Before web and worker give up. */
const longestWaitMs = 4_000;

type Lent = Parameters<pg.Pool['connect']>[0];

/**
 * A pool whose connections tenants get in turn, as the call at hand names its own: one shop holds at most half of
 * them, and who cannot be served in time is refused while there is time to say so. The platform's own work and group
 * commits, which carry many shops, belong to no tenant and have their turn like one.
 */
class FairPool extends pg.Pool {
  readonly #gate: FairGate;

  constructor(config: pg.PoolConfig & { max: number }) {
    super(config);
    this.#gate = new FairGate({
      places: config.max,
      placesPerTenant: Math.max(2, Math.floor(config.max / 2)),
      maxWaiting: waitingPerConnection * config.max,
      maxWaitMs: longestWaitMs,
    });
    // The library's own line stays empty: who is let through finds a connection, or room for one.
    Object.defineProperty(this, 'waitingCount', { get: () => this.#gate.waiting });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Lent): void;
  override connect(callback?: Lent): Promise<pg.PoolClient> | undefined {
    const lent = this.#lend();
    if (callback === undefined) return lent;
    lent.then(
      (client) => callback(undefined, client, (broken?: Error | boolean) => client.release(broken)),
      (error: unknown) =>
        callback(
          error instanceof Error ? error : new Error(String(error)),
          undefined,
          () => undefined,
        ),
    );
    return undefined;
  }

  async #lend(): Promise<pg.PoolClient> {
    const scope = callScope();
    const tenant = scope?.merchantId ?? '';
    const leave = this.#gate.tryEnter(tenant) ?? (await this.#gate.enter(tenant, scope?.signal));
    let client: pg.PoolClient;
    try {
      client = await super.connect();
    } catch (error) {
      leave();
      throw error;
    }
    const release = client.release.bind(client);
    client.release = (broken) => {
      release(broken);
      leave();
    };
    return client;
  }
}

/**
 * Works through a pooler in transaction mode: no named statements, no settings of the session. The only place where
 * core opens connections, because a connection that breaks while nothing listens for its `error` ends the process: the
 * pool listens only while one is idle, so each gets a listener for its whole life here.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const onLoss = options.onLoss ?? (() => undefined);
  const pool = new FairPool({
    connectionString: options.connectionString,
    max: options.max,
    types,
    connectionTimeoutMillis: options.timeoutMs ?? 10_000,
    ...(options.timeoutMs === undefined ? {} : { query_timeout: options.timeoutMs }),
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // A statement may take long, but a server that is gone without a word (a failover's) is noticed within a minute; the
    // system's own first probe comes after two hours.
    keepAliveInitialDelayMillis: 30_000,
  });
  pool.on('connect', (client) => {
    client.on('error', onLoss);
    addQueryTimes(client);
  });
  // The connection's own listener has logged it already.
  pool.on('error', () => undefined);
  return pool;
}

/** Adds the time of each statement to the call that it is made in. */
function addQueryTimes(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const timed = (...given: unknown[]): unknown => {
    const scope = callScope();
    if (scope === undefined) return query(...given);
    const startedAt = performance.now();
    const end = () => {
      scope.queryMilliseconds += performance.now() - startedAt;
    };
    const callback = given.at(-1);
    if (typeof callback === 'function') {
      return query(...given.slice(0, -1), (...answer: unknown[]) => {
        end();
        (callback as (...answer: unknown[]) => void)(...answer);
      });
    }
    const answer = query(...given);
    if (answer instanceof Promise) answer.then(end, end);
    return answer;
  };
  client.query = timed as typeof client.query;
}
