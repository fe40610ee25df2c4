/**
 * A bounded number of places for work, and a short line of those who wait for one. Tenants take turns, none holds all
 * places, and who cannot be served in time is told so at once: a shop that floods waits for itself.
 *
 * Core lends its database connections so; web and worker call core so.
 */

/** There is no place, and none is to be expected in time. Worth repeating a little later. */
export class OverloadedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OverloadedError';
  }
}

export interface FairGateOptions {
  readonly places: number;
  /** That one tenant may hold at once; the work of no one ('') may hold all. */
  readonly placesPerTenant: number;
  /** Who wait, over all tenants. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (reason: unknown) => void;
}

interface Tenant {
  running: number;
  readonly line: Set<Waiting>;
}

export class FairGate {
  readonly #options: FairGateOptions;
  /** Those with work under way or waiting; its order is the order of turns. */
  readonly #tenants = new Map<string, Tenant>();
  #running = 0;
  #waiting = 0;

  constructor(options: FairGateOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** A place if there is one now, given back by what is returned: it costs the usual case no promise. */
  tryEnter(name: string): (() => void) | undefined {
    const tenant = this.#tenantOf(name);
    // No one overtakes the line of their own tenant.
    if (tenant.line.size > 0 || !this.#hasPlaceFor(name, tenant)) {
      this.#forget(name, tenant);
      return undefined;
    }
    return this.#take(name, tenant);
  }

  /**
   * Waits for a place.
   * @returns what gives it back
   * @throws OverloadedError, or the reason of `signal`: then no place is held
   */
  enter(name: string, signal?: AbortSignal): Promise<() => void> {
    const atOnce = this.tryEnter(name);
    if (atOnce !== undefined) return Promise.resolve(atOnce);
    if (signal?.aborted === true) return Promise.reject(reasonOf(signal));
    if (this.#waiting >= this.#options.maxWaiting && !this.#dropFromLongestLine(name))
      return Promise.reject(new OverloadedError('too many are waiting'));
    return this.#wait(name, signal);
  }

  #wait(name: string, signal: AbortSignal | undefined): Promise<() => void> {
    const tenant = this.#tenantOf(name);
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        if (tenant.line.delete(waiting)) this.#waiting--;
      };
      const waiting: Waiting = {
        admit: () => {
          leave();
          resolve(this.#take(name, tenant));
        },
        refuse: (reason) => {
          leave();
          this.#forget(name, tenant);
          reject(reason instanceof Error ? reason : new OverloadedError(String(reason)));
        },
      };
      const abort = () => waiting.refuse(signal && reasonOf(signal));
      const timer = setTimeout(
        () => waiting.refuse(new OverloadedError('no place became free in time')),
        this.#options.maxWaitMs,
      );
      signal?.addEventListener('abort', abort, { once: true });
      tenant.line.add(waiting);
      this.#waiting++;
    });
  }

  #tenantOf(name: string): Tenant {
    const known = this.#tenants.get(name);
    if (known !== undefined) return known;
    const tenant = { running: 0, line: new Set<Waiting>() };
    this.#tenants.set(name, tenant);
    return tenant;
  }

  #forget(name: string, tenant: Tenant): void {
    if (tenant.running === 0 && tenant.line.size === 0) this.#tenants.delete(name);
  }

  #hasPlaceFor(name: string, tenant: Tenant): boolean {
    const { places, placesPerTenant } = this.#options;
    return this.#running < places && (name === '' || tenant.running < placesPerTenant);
  }

  #take(name: string, tenant: Tenant): () => void {
    tenant.running++;
    this.#running++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      tenant.running--;
      this.#running--;
      this.#admitNext();
      this.#forget(name, tenant);
    };
  }

  /** The first in turn who waits and may have a place; then it is behind the others. */
  #admitNext(): void {
    if (this.#waiting === 0) return;
    for (const [name, tenant] of this.#tenants) {
      const [first] = tenant.line;
      if (first === undefined || !this.#hasPlaceFor(name, tenant)) continue;
      this.#tenants.delete(name);
      this.#tenants.set(name, tenant);
      first.admit();
      return;
    }
  }

  /** The last of the longest line makes room, unless that is the line of who asks. */
  #dropFromLongestLine(name: string): boolean {
    let longest: Tenant | undefined;
    for (const tenant of this.#tenants.values())
      if (tenant.line.size > (longest?.line.size ?? 0)) longest = tenant;
    const own = this.#tenants.get(name)?.line.size ?? 0;
    if (longest === undefined || longest.line.size <= own + 1) return false;
    [...longest.line].at(-1)?.refuse(new OverloadedError('too many are waiting'));
    return true;
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
