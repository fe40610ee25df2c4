import { useEffect, useState } from 'preact/hooks';
import type { AppClient } from '../../shared/app-client.ts';
import { earnedOf } from '../../shared/order.rules.ts';

export interface Earned {
  /** Null while the ledger has nothing of the order. */
  readonly points: number | null;
  /** What can be spent with them; null while it is not known. */
  readonly available: number | null;
}

/** Points arrive a moment after payment; slower payments are not waited for. */
const waitsMs = [0, 1_000, 1_000, 2_000, 3_000, 4_000, 5_000, 5_000, 5_000];
const nothing: Earned = { points: null, available: null };

/**
 * An order's points and the balance that includes them, polled until available.
 * @param orderId null: there is nothing to look for
 */
export function useEarned(client: AppClient, orderId: string | null): Earned {
  const [earned, setEarned] = useState(nothing);
  useEffect(() => {
    if (orderId === null) return undefined;
    let isWanted = true;
    const look = async () => {
      for (const wait of waitsMs) {
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (!isWanted) return;
        const entries = await client.history({ order_id: orderId }).then(
          (history) => history.entries,
          () => [],
        );
        const points = earnedOf(entries);
        if (points === null) continue;
        // Read after the entry, so it is in it.
        const available = await client.widget().then(
          ({ customer }) => customer?.available ?? null,
          () => null,
        );
        if (isWanted) setEarned({ points, available });
        return;
      }
    };
    void look();
    return () => {
      isWanted = false;
    };
  }, [orderId]);
  return earned;
}

const countMs = 600;
const stepMs = 50;

/** A number that counts up to its new value; decreases and the first value are immediate. */
export function useCountedUp(target: number | null): number | null {
  const [shown, setShown] = useState(target);
  useEffect(() => {
    if (target === null || shown === null || target <= shown) {
      setShown(target);
      return undefined;
    }
    const from = shown;
    const began = Date.now();
    const timer = setInterval(() => {
      const part = Math.min(1, (Date.now() - began) / countMs);
      setShown(Math.round(from + (target - from) * part));
      if (part === 1) clearInterval(timer);
    }, stepMs);
    return () => clearInterval(timer);
  }, [target]);
  return shown;
}
