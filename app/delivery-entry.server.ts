import type { ActionFunction, ServerBuild } from '@remix-run/node';
import type { NextFunction, Request as Incoming, Response as Outgoing } from 'express';
import { workOf } from './access-log.server.ts';
import { sayWhenToReturn } from './remix-adapter.server.ts';
import { bodyOf } from './request-gate.server.ts';
import { inWork } from './work-context.server.ts';

const prefix = '/webhooks/';

/** The action of the route that takes deliveries, found in the build by its path. */
function actionOf(build: ServerBuild): ActionFunction | undefined {
  return Object.values(build.routes).find((route) => route?.path === 'webhooks/*')?.module.action;
}

/**
 * Passes deliveries directly to their route's action. There can be hundreds a second, and matching routes and turning
 * bodies into streams and back costs more than verifying and storing them; whatever is not a delivery goes on to Remix.
 */
export function deliveryEntry(build: ServerBuild) {
  const action = actionOf(build);
  return (request: Incoming, response: Outgoing, next: NextFunction): void => {
    if (action === undefined || request.method !== 'POST') {
      next();
      return;
    }
    const params = { '*': request.path.slice(prefix.length) };
    const run = () => action({ request: toRequest(request), params, context: {} });
    void Promise.resolve(inWork(workOf(request), run))
      .then((answer) => send(answer as Response, response))
      .catch(next);
  };
}

/** Of the headers only those that a delivery is read by. */
function toRequest(incoming: Incoming): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string' && (name.startsWith('x-shopify-') || name === 'x-client-address'))
      headers.set(name, value);
  }
  return new Request(`http://app${incoming.url}`, {
    method: 'POST',
    headers,
    body: bodyOf(incoming),
  });
}

async function send(answer: Response, response: Outgoing): Promise<void> {
  response.statusCode = answer.status;
  answer.headers.forEach((value, name) => response.setHeader(name, value));
  sayWhenToReturn(response);
  response.end(answer.body === null ? undefined : await answer.text());
}
