import { useEffect, useState } from 'react';
import { createEventReader } from './event-stream.ts';

/** A working stream sends something, heartbeats included, within this time. */
const silenceMs = 40_000;
/** A stream whose first event takes longer is being buffered by a proxy. */
const firstEventMs = 6_000;
const streamTries = 2;
const pollEveryMs = 2_000;

/**
 * A live server value, starting with the one the page was loaded with: by server-sent events, or by polling
 * where those do not arrive. `address` is served by `liveResponse` (live.server.ts).
 */
export function useLive<Value>(
  address: string,
  initial: Value,
  isOver: (value: Value) => boolean,
): Value {
  const [loaded, setLoaded] = useState(initial);
  const [value, setValue] = useState(initial);
  // Data from a reload is newer than earlier events.
  if (loaded !== initial) {
    setLoaded(initial);
    setValue(initial);
  }
  const isFollowed = !isOver(value);
  useEffect(() => {
    if (!isFollowed) return;
    const stopping = new AbortController();
    void follow(address, {
      signal: stopping.signal,
      onValue: (next) => setValue(next as Value),
      isSeen: () => document.visibilityState === 'visible',
      // At the time of the call: App Bridge puts its own there, which adds the session token.
      fetch: (...parameters) => window.fetch(...parameters),
    });
    return () => stopping.abort();
  }, [address, isFollowed]);
  return value;
}

export interface Following {
  readonly signal: AbortSignal;
  readonly onValue: (value: unknown) => void;
  /** A page in the background does not poll. */
  readonly isSeen: () => boolean;
  readonly fetch: typeof fetch;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Follows until stopped or until the server sends the end. Never throws: failures are retried. */
export async function follow(address: string, following: Following): Promise<void> {
  const { signal, pause = wait } = following;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (failures < streamTries) {
        const { events, isOver } = await readStream(address, following);
        if (isOver) return;
        failures = events > 0 ? 0 : failures + 1;
      } else if (following.isSeen()) {
        await readOnce(address, following);
      }
    } catch {
      failures += 1;
    }
    await pause(pollEveryMs, signal);
  }
}

async function readStream(
  address: string,
  { signal, onValue, fetch: send }: Following,
): Promise<{ events: number; isOver: boolean }> {
  const tooQuiet = new AbortController();
  let timer = setTimeout(() => tooQuiet.abort(), firstEventMs);
  let events = 0;
  try {
    const response = await send(address, {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, tooQuiet.signal]),
    });
    if (!response.ok || !isEventStream(response) || response.body === null)
      throw new Error(`${address} gives no events`);
    const read = createEventReader();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { events, isOver: false };
      clearTimeout(timer);
      timer = setTimeout(() => tooQuiet.abort(), silenceMs);
      for (const event of read(value)) {
        events += 1;
        if (event.name === 'over') return { events, isOver: true };
        onValue(JSON.parse(event.data));
      }
    }
  } catch (error) {
    // Events before the disconnect proved that they arrive.
    if (events > 0) return { events, isOver: false };
    throw error;
  } finally {
    clearTimeout(timer);
    tooQuiet.abort();
  }
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

async function readOnce(
  address: string,
  { signal, onValue, fetch: send }: Following,
): Promise<void> {
  const response = await send(address, { headers: { accept: 'application/json' }, signal });
  if (response.ok) onValue(await response.json());
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
