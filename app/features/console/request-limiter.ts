/** At most so many requests a minute for one key; the keys that came first are forgotten when there are too many. */
export function createRequestLimiter(perMinute: number, now: () => number = Date.now) {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return (key: string): boolean => {
    const known = windows.get(key);
    if (known !== undefined && known.endsAt > now()) {
      known.count += 1;
      return known.count <= perMinute;
    }
    windows.delete(key);
    windows.set(key, { count: 1, endsAt: now() + 60_000 });
    if (windows.size > 10_000) windows.delete(windows.keys().next().value ?? key);
    return true;
  };
}
