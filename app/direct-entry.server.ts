import type { ActionFunction, LoaderFunction, ServerBuild } from '@remix-run/node';
import type { NextFunction, Request as Incoming, Response as Outgoing } from 'express';
import { workOf } from './access-log.server.ts';
import { sayWhenToReturn } from './remix-adapter.server.ts';
import { bodyOf } from './request-gate.server.ts';
import { inWork } from './work-context.server.ts';

interface Entry {
  /** Of the route, as the build names it: `webhooks/*`. */
  readonly route: string;
  readonly method: 'GET' | 'POST';
  /** What the route is told of the path; undefined for what is not for it. */
  readonly paramsOf: (path: string) => Readonly<Record<string, string>> | undefined;
  /** The headers that the route reads. */
  readonly reads: (name: string) => boolean;
}

type Handler = ActionFunction | LoaderFunction;

/**
 * Passes requests directly to their route's function: matching all routes and turning bodies into streams and back costs
 * more than what the function does. Whatever is not for it goes on to Remix.
 */
function directEntry(build: ServerBuild, { route: path, method, paramsOf, reads }: Entry) {
  const handler = handlerOf(build, path, method);
  return (request: Incoming, response: Outgoing, next: NextFunction): void => {
    const params = request.method === method ? paramsOf(request.path) : undefined;
    if (handler === undefined || params === undefined) {
      next();
      return;
    }
    const run = () => handler({ request: toRequest(request, reads), params, context: {} });
    void Promise.resolve(inWork(workOf(request), run))
      .then((answer) => send(answer as Response, response))
      .catch(next);
  };
}

/** Found in the build by its path. */
function handlerOf(build: ServerBuild, path: string, method: string): Handler | undefined {
  const route = Object.values(build.routes).find((one) => one?.path === path);
  return method === 'POST' ? route?.module.action : route?.module.loader;
}

const deliveries = '/webhooks/';

/** There can be hundreds of deliveries a second. */
export const deliveryEntry = (build: ServerBuild) =>
  directEntry(build, {
    route: 'webhooks/*',
    method: 'POST',
    paramsOf: (path) => ({ '*': path.slice(deliveries.length) }),
    reads: (name) => name.startsWith('x-shopify-') || name === 'x-client-address',
  });

const link = /^\/proxy\/r\/([\w-]{1,40})$/;
const readOfVisitors: ReadonlySet<string> = new Set([
  'accept-language',
  'user-agent',
  'purpose',
  'sec-purpose',
  'x-moz',
]);

/** A link that many share is followed by all of them at once. */
export const linkEntry = (build: ServerBuild) =>
  directEntry(build, {
    route: 'proxy/r/:code',
    method: 'GET',
    paramsOf: (path) => {
      const code = link.exec(path)?.[1];
      return code === undefined ? undefined : { code };
    },
    reads: (name) => readOfVisitors.has(name),
  });

function toRequest(incoming: Incoming, reads: Entry['reads']): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string' && reads(name)) headers.set(name, value);
  }
  return new Request(`http://app${incoming.url}`, {
    method: incoming.method,
    headers,
    ...(incoming.method === 'POST' && { body: bodyOf(incoming) }),
  });
}

async function send(answer: Response, response: Outgoing): Promise<void> {
  response.statusCode = answer.status;
  answer.headers.forEach((value, name) => response.setHeader(name, value));
  sayWhenToReturn(response);
  response.end(answer.body === null ? undefined : await answer.text());
}
