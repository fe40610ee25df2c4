import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { canonicalTarget, familyOf } from './request-target.rules.ts';
import { log } from './log.server.ts';
import { measureAcknowledgement } from './metrics.server.ts';
import { newWork, workFields } from './work-context.server.ts';
import type { Work } from './work-context.server.ts';

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

const works = new WeakMap<Request, Work>();

/** What is recorded of a request, for its log line and its error reports. */
export function workOf(request: Request): Work {
  let work = works.get(request);
  if (work === undefined) {
    const given = request.get('x-request-id') ?? '';
    work = newWork(/^[\w.-]{8,64}$/.test(given) ? given : randomUUID());
    works.set(request, work);
  }
  return work;
}

/** One line for each request, when it ends. Successful deliveries are logged at debug: there can be hundreds a second. */
export function accessLog(request: Request, response: Response, next: NextFunction): void {
  const startedAt = performance.now();
  const work = workOf(request);
  // From here on the request's one id, for core and for the pages.
  request.headers['x-request-id'] = work.requestId;
  response.once('close', () => {
    const milliseconds = performance.now() - startedAt;
    const record = {
      ...workFields(work),
      method: request.method,
      path: loggablePath(request.originalUrl),
      status: response.statusCode,
      ms: Math.round(milliseconds),
      ...(work.merchants.size > 0 && { queryMilliseconds: Math.round(work.queryMilliseconds) }),
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    if (request.path.startsWith('/webhooks/'))
      measureAcknowledgement(milliseconds, response.statusCode);
    const isRoutine =
      response.statusCode < 400 && /^\/(?:webhooks|assets|health)/.test(request.path);
    log()[isRoutine ? 'debug' : 'info'](record, 'request');
  });
  next();
}
