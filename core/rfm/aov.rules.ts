/** The average order value (AOV) that monetary bins are multiples of: estimated now and then, frozen in between. */

/** As stored in program_settings.rfm_state. */
export interface AovState {
  /** Ten-thousandths of the shop's currency. */
  readonly aov: bigint;
  /** A size band's default applies until there are enough orders. */
  readonly basis: 'orders' | 'size_band';
  /** How many orders the estimate rests on. */
  readonly orders: number;
  /** Rises when the AOV changes: scores of one version can be compared. */
  readonly version: number;
  readonly estimatedAt: Date;
}

/** Over the orders of the last 365 days. */
export interface OrderValues {
  readonly orders: number;
  /** Ten-thousandths of the currency. */
  readonly average: bigint;
}

export const AOV_WINDOW_DAYS = 365;
export const MIN_ORDERS_FOR_AOV = 10;
/** An estimate of fewer orders moves with every few of them and is made again at every pass. */
const SETTLED_ORDERS = 100;
const WEEK_MS = 7 * 86_400_000;

/** Default average order values: $20 below 5,000 members, $100 below 50,000, $500 from there. */
function sizeBandAov(members: number, dollar: bigint): bigint {
  const dollars = members < 5_000 ? 20n : members < 50_000 ? 100n : 500n;
  return dollars * dollar * 10_000n;
}

export function estimateAov(
  before: AovState | undefined,
  values: OrderValues,
  members: number,
  dollar: bigint,
  now: Date,
): AovState {
  // Orders that cost nothing in all say nothing of what is much here.
  const isEnough = values.orders >= MIN_ORDERS_FOR_AOV && values.average > 0n;
  const aov = isEnough ? values.average : sizeBandAov(members, dollar);
  return {
    aov,
    basis: isEnough ? 'orders' : 'size_band',
    orders: values.orders,
    version: before === undefined ? 1 : before.version + (before.aov === aov ? 0 : 1),
    estimatedAt: now,
  };
}

/** Whether a full pass, which scores all members by it, begins with a new estimate. */
export function isAovStale(state: AovState | undefined, now: Date): boolean {
  return (
    state === undefined ||
    state.basis === 'size_band' ||
    state.orders < SETTLED_ORDERS ||
    now.getTime() - state.estimatedAt.getTime() >= WEEK_MS
  );
}
