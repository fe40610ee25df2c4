import { setTimeout as sleep } from 'node:timers/promises';
import { drainSignal } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { eventStream } from './event-stream.server.ts';

export interface Live<Value> {
  readonly read: () => Promise<Value>;
  /** Whether nothing changes any more after this. */
  readonly isOver: (value: Value) => boolean;
}

const lookEveryMs = 1_000;
/** Shorter than the idle timeout of proxies and load balancers. */
const heartbeatMs = 15_000;
/** Then the reader reconnects with a new session token. */
const longestMs = 5 * 60_000;

const headers = { 'cache-control': 'no-store, no-transform' };

/**
 * Follows a changing value: as server-sent events, one per change and `over` after the last, to clients that
 * accept them (app/dashboard/live.ts); other clients get the current value once.
 */
export async function liveResponse<Value>(
  request: Request,
  live: Live<Value>,
  everyMs = lookEveryMs,
): Promise<Response> {
  const first = await live.read();
  if (!(request.headers.get('accept') ?? '').includes('text/event-stream'))
    return Response.json(first, { headers });
  const events = eventsOf(first, live, everyMs, AbortSignal.any([request.signal, drainSignal()]));
  return eventStream(request, events);
}

async function* eventsOf<Value>(
  first: Value,
  { read, isOver }: Live<Value>,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<string, undefined> {
  const until = Date.now() + longestMs;
  let value = first;
  let sent = JSON.stringify(value);
  let sentAt = Date.now();
  yield `data: ${sent}\n\n`;
  while (!isOver(value)) {
    await pause(everyMs, signal);
    if (signal.aborted || Date.now() > until) return undefined;
    try {
      value = await read();
    } catch (error) {
      // The reader reconnects and then gets the error.
      log().warn({ err: error }, 'A value could not be followed further');
      return undefined;
    }
    const text = JSON.stringify(value);
    if (text !== sent) yield `data: ${text}\n\n`;
    else if (Date.now() - sentAt >= heartbeatMs) yield ':\n\n';
    else continue;
    sent = text;
    sentAt = Date.now();
  }
  yield 'event: over\ndata:\n\n';
  return undefined;
}

/** Ends early, without an event, when the reader has left. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
