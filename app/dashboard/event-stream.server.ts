const headers = {
  'cache-control': 'no-store, no-transform',
  'content-type': 'text/event-stream',
  // For nginx and its like, which would keep events until they are many.
  'x-accel-buffering': 'no',
};

/** One event, as it stands in a stream; `message` is the name of those without one. */
export const eventText = (value: unknown, name = 'message'): string =>
  `${name === 'message' ? '' : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`;

/** Sends events as they come; a reader who leaves ends what makes them. */
export function eventStream(events: AsyncGenerator<string, undefined>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await events.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await events.return(undefined);
    },
  });
  return new Response(body, { headers });
}
