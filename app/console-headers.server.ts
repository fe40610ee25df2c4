import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { env } from './env.server.ts';
import { familyOf } from './request-target.rules.ts';

/** Every console response: not framed, not cached, and with its own scripts only. */
export function consoleHeaders(request: Request, response: Response, next: NextFunction): void {
  // A nonce from outside is not accepted.
  delete request.headers['x-csp-nonce'];
  if (familyOf(request.path) !== 'console') {
    next();
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  request.headers['x-csp-nonce'] = nonce;
  const { SENTRY_DSN } = env();
  const reports = SENTRY_DSN === undefined ? '' : ` ${new URL(SENTRY_DSN).origin}`;
  response.setHeader(
    'content-security-policy',
    [
      `default-src 'none'`,
      `script-src 'self' 'nonce-${nonce}'`,
      `style-src 'self'`,
      `img-src 'self'`,
      `font-src 'self'`,
      `connect-src 'self'${reports}`,
      `form-action 'self'`,
      `base-uri 'none'`,
      `frame-ancestors 'none'`,
    ].join('; '),
  );
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()');
  response.setHeader('x-robots-tag', 'noindex');
  next();
}
