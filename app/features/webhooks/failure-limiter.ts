/**
 * Slows down whoever guesses signatures: at most so many failures a minute from one address.
 * Good deliveries are never counted, since Shopify sends all shops' from few addresses.
 */
export interface FailureLimiter {
  isBlocked(address: string): boolean;
  recordFailure(address: string): void;
}

export function createFailureLimiter(options: {
  perMinute: number;
  now?: () => number;
  capacity?: number;
}): FailureLimiter {
  const { perMinute, now = Date.now, capacity = 10_000 } = options;
  const windows = new Map<string, { count: number; endsAt: number }>();
  const current = (address: string) => {
    const window = windows.get(address);
    return window !== undefined && window.endsAt > now() ? window : undefined;
  };
  return {
    isBlocked: (address) => (current(address)?.count ?? 0) >= perMinute,
    recordFailure(address) {
      const window = current(address);
      if (window !== undefined) {
        window.count += 1;
        return;
      }
      windows.delete(address);
      windows.set(address, { count: 1, endsAt: now() + 60_000 });
      if (windows.size > capacity) windows.delete(windows.keys().next().value ?? address);
    },
  };
}
