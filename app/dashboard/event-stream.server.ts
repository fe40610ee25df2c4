const headers = {
  'cache-control': 'no-store, no-transform',
  'content-type': 'text/event-stream',
  // For proxies such as nginx, which would buffer events.
  'x-accel-buffering': 'no',
};

/** One event as sent in a stream; `message` is the default name. */
export const eventText = (value: unknown, name = 'message'): string =>
  `${name === 'message' ? '' : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`;

/** More tabs than anyone keeps open; each stream holds a connection and polls core. */
const streamsPerReader = 8;
const open = new Map<string, number>();

/** Open streams per session token's subject; a token is valid for a minute, so a subject uses many. */
function readerOf(request: Request): string {
  const [, payload = ''] = (request.headers.get('authorization') ?? '').split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const { dest, sub } = claims as { dest?: unknown; sub?: unknown };
    return JSON.stringify([dest, sub]);
  } catch {
    return '';
  }
}

/**
 * Sends events as they arrive; a reader who leaves stops the producer. Too many streams are refused: the page polls
 * instead. The session token was checked before.
 */
export function eventStream(request: Request, events: AsyncGenerator<string, undefined>): Response {
  const reader = readerOf(request);
  const others = open.get(reader) ?? 0;
  if (others >= streamsPerReader) {
    void events.return(undefined);
    return Response.json(
      { error: { code: 'rate_limited', message: 'too many streams at once', field: '' } },
      { status: 429, headers: { 'cache-control': 'no-store', 'retry-after': '5' } },
    );
  }
  open.set(reader, others + 1);
  const close = once(() => {
    const left = (open.get(reader) ?? 1) - 1;
    if (left > 0) open.set(reader, left);
    else open.delete(reader);
  });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let next: IteratorResult<string, undefined>;
      try {
        next = await events.next();
      } catch (error) {
        close();
        throw error;
      }
      if (next.done === true) {
        close();
        controller.close();
      } else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      close();
      await events.return(undefined);
    },
  });
  return new Response(body, { headers });
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
