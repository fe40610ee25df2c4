import { createRequestHandler, writeReadableStreamToWritable } from '@remix-run/node';
import type { ServerBuild } from '@remix-run/node';
import type {
  Request as Incoming,
  NextFunction,
  Response as Outgoing,
  RequestHandler,
} from 'express';
import { workOf } from './access-log.server.ts';
import { bodyOf } from './request-gate.server.ts';
import { inWork } from './work-context.server.ts';

/** Has Remix answer what passed the gate: its bodies are read and counted, its addresses have one spelling. */
export function remixHandler(build: ServerBuild, mode: string): RequestHandler {
  const answer = createRequestHandler(build, mode);
  return (incoming: Incoming, outgoing: Outgoing, next: NextFunction): void => {
    void inWork(workOf(incoming), () => answer(toRequest(incoming, outgoing)))
      .then((response) => send(response, outgoing))
      .catch(next);
  };
}

function toRequest(incoming: Incoming, outgoing: Outgoing): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  const gone = new AbortController();
  // Work for a disconnected reader may stop; after the last byte there is nothing to stop.
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  // What a proxy calls the protocol may be any text.
  const protocol = incoming.protocol === 'https' ? 'https' : 'http';
  return new Request(`${protocol}://${hostOf(incoming)}${incoming.url}`, {
    method: incoming.method,
    headers,
    signal: gone.signal,
    ...(hasBody && { body: bodyOf(incoming) }),
  });
}

/** As the trusted proxy names it, else as the caller does. */
function hostOf(incoming: Incoming): string {
  const port = /:(\d{1,5})$/.exec(incoming.get('x-forwarded-host') ?? incoming.get('host') ?? '');
  const host = `${incoming.hostname}${port?.[0] ?? ''}`;
  return URL.canParse(`http://${host}`) ? host : 'app';
}

/** What is overloaded or away has mostly recovered by then. */
const retryAfterSeconds = 5;

export function sayWhenToReturn(outgoing: Outgoing): void {
  const { statusCode } = outgoing;
  if ((statusCode === 503 || statusCode === 504) && !outgoing.hasHeader('retry-after'))
    outgoing.setHeader('retry-after', retryAfterSeconds);
}

async function send(response: Response, outgoing: Outgoing): Promise<void> {
  outgoing.statusMessage = response.statusText;
  outgoing.status(response.status);
  for (const [name, value] of response.headers)
    if (name === 'set-cookie') outgoing.append(name, value);
    else outgoing.setHeader(name, value);
  sayWhenToReturn(outgoing);
  // A response without cache headers is not cached.
  if (!outgoing.hasHeader('cache-control')) outgoing.setHeader('cache-control', 'no-store');
  if (/text\/event-stream/i.test(response.headers.get('content-type') ?? ''))
    outgoing.flushHeaders();
  if (response.body === null) outgoing.end();
  else await writeReadableStreamToWritable(response.body, outgoing);
}
