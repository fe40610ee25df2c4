/** Admits so many calls a minute of each caller, in this process: against scripts, not against people. */
export function createCallLimiter(options: {
  perMinute: number;
  now?: () => number;
  capacity?: number;
}): { admit(caller: string): boolean } {
  const { perMinute, now = Date.now, capacity = 10_000 } = options;
  const windows = new Map<string, { calls: number; endsAt: number }>();
  return {
    admit(caller) {
      const window = windows.get(caller);
      if (window !== undefined && window.endsAt > now()) {
        window.calls += 1;
        return window.calls <= perMinute;
      }
      windows.delete(caller);
      windows.set(caller, { calls: 1, endsAt: now() + 60_000 });
      if (windows.size > capacity) windows.delete(windows.keys().next().value ?? caller);
      return true;
    },
  };
}
