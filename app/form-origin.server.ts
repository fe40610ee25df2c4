import type { NextFunction, Request, Response } from 'express';
import { familyOf } from './request-target.rules.ts';
import type { Family } from './request-target.rules.ts';

/** Posted to by Shopify, or from pages of Shopify's and of shops: their signatures and tokens say who calls. */
const fromElsewhere: ReadonlySet<Family | undefined> = new Set<Family>([
  'extension',
  'proxy',
  'reports',
  'webhooks',
]);

/**
 * A form of our pages comes from our pages. The framework refuses others as well, but by an error of the server, which
 * anybody could cause: also by a forged host or an origin that is none.
 */
export function refuseForeignForms(request: Request, response: Response, next: NextFunction): void {
  const { origin } = request.headers;
  // Where a path asks for data, the framework looks at the origin whatever the route.
  const isOurs = !fromElsewhere.has(familyOf(request.path)) || request.path.endsWith('.data');
  const isForm = request.method === 'POST' && isOurs;
  if (!isForm || origin === undefined || hostOf(origin) === hostAsked(request)) {
    next();
    return;
  }
  response
    .status(403)
    .set('cache-control', 'no-store')
    .json({ error: { code: 'forbidden', message: 'a form of another site', field: '' } });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** As the framework reads it. */
function hostAsked(request: Request): string {
  const [forwarded = ''] = (request.get('x-forwarded-host') ?? '').split(',');
  return forwarded.trim() === '' ? (request.get('host') ?? '') : forwarded.trim();
}
