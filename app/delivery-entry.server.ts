import type { ActionFunction, ServerBuild } from '@remix-run/node';
import type { NextFunction, Request as Incoming, Response as Outgoing } from 'express';
import { bodyOf } from './request-gate.server.ts';

/** The topic families' own routes, found in the build by their path. */
function actionsOf(build: ServerBuild): Map<string, ActionFunction> {
  const actions = new Map<string, ActionFunction>();
  for (const route of Object.values(build.routes)) {
    const family = /^webhooks\/([^/]+)\/\*$/.exec(route?.path ?? '')?.[1];
    const action = route?.module.action;
    if (family !== undefined && action !== undefined) actions.set(family, action);
  }
  return actions;
}

/**
 * Hands deliveries straight to the action of their route. Hundreds come in a second, and matching routes and turning
 * bodies into streams and back costs more than verifying and storing them; whatever is not a delivery goes on to Remix.
 */
export function deliveryEntry(build: ServerBuild) {
  const actions = actionsOf(build);
  return (request: Incoming, response: Outgoing, next: NextFunction): void => {
    const [, , family = '', ...rest] = request.path.split('/');
    const action = actions.get(family);
    if (action === undefined || request.method !== 'POST') {
      next();
      return;
    }
    const params = { '*': rest.join('/') };
    void Promise.resolve(action({ request: toRequest(request), params, context: {} }))
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
  response.end(answer.body === null ? undefined : await answer.text());
}
