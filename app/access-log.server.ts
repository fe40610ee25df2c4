import type { NextFunction, Request, Response } from 'express';
import { canonicalTarget, familyOf } from './request-target.rules.ts';
import { log } from './log.server.ts';

/** Parameters without personal data or credentials; the values of all others are left out. */
const harmless: ReadonlySet<string> = new Set([
  'locale',
  'embedded',
  'page',
  'sort',
  'days',
  'status',
  'topic',
  '_data',
  '_routes',
]);

/** Public pages and files; any other top-level path is a scanner's guess. */
const publicPath = /^\/(?:$|[\w-]{1,40}\.(?:data|svg|ico|png|txt|webmanifest)$)/;

/**
 * The loggable form of a path: no signatures, no session tokens, no customer ids. Any other path can
 * contain anything and is not repeated.
 */
export function loggablePath(originalUrl: string): string {
  const target = canonicalTarget(originalUrl);
  if (target === undefined) return '(no address)';
  const url = new URL(`http://app${target}`);
  if (familyOf(url.pathname) === undefined && !publicPath.test(url.pathname)) return '(unknown)';
  const path = url.pathname
    .replace(/[^/]*(?:@|%40)[^/]*/gi, ':address')
    .replace(/\/\d{5,}(?=\/|$)/g, '/:id')
    .replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}(?=\/|$|\.)/gi, '/:id');
  const query = [...url.searchParams].map(([key, value]) =>
    harmless.has(key) ? `${key}=${value.slice(0, 40)}` : /^[\w-]{1,40}$/.test(key) ? key : ':key',
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** One line for each request, when it ends. Successful deliveries are logged at debug: there can be hundreds a second. */
export function accessLog(request: Request, response: Response, next: NextFunction): void {
  const startedAt = performance.now();
  response.once('close', () => {
    const record = {
      method: request.method,
      path: loggablePath(request.originalUrl),
      status: response.statusCode,
      ms: Math.round(performance.now() - startedAt),
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    const isRoutine =
      response.statusCode < 400 && /^\/(?:webhooks|assets|health)/.test(request.path);
    log()[isRoutine ? 'debug' : 'info'](record, 'request');
  });
  next();
}
