import type { NextFunction, Request, Response } from 'express';
import { canonicalTarget, familyOf } from './request-target.rules.ts';
import type { Family } from './request-target.rules.ts';

const kibibyte = 1024;

/** Body size limits by part of the application. A route may accept less. */
export const bodyLimits: Readonly<Record<Family | 'other', number>> = {
  // Shopify's largest bodies are a few hundred kilobytes.
  webhooks: 1024 * kibibyte,
  app: 1024 * kibibyte,
  console: 64 * kibibyte,
  proxy: 64 * kibibyte,
  extension: 64 * kibibyte,
  auth: 4 * kibibyte,
  assets: 4 * kibibyte,
  'widget-assets': 4 * kibibyte,
  health: 4 * kibibyte,
  healthz: 4 * kibibyte,
  pictures: 4 * kibibyte,
  reports: 64 * kibibyte,
  unsubscribe: 4 * kibibyte,
  other: 4 * kibibyte,
};

/** A picture of 2 MB, and what a form is made of around it. */
const uploadLimit = 2 * 1024 * kibibyte + 16 * kibibyte;

function limitOf(path: string, family: Family | undefined): number {
  return /^\/app\/pictures(?:\?|$)/.test(path) ? uploadLimit : bodyLimits[family ?? 'other'];
}

/** Personal data is not cached, unless its route sets otherwise. */
const personal: ReadonlySet<Family> = new Set<Family>([
  'app',
  'auth',
  'console',
  'extension',
  'proxy',
  'reports',
  'unsubscribe',
  'webhooks',
]);

/** What no route has is answered here: a framework takes PUT for POST, and fails at TRACE. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
/** Extensions run on Shopify's pages and ask whether they may; no one else's pages may. */
const askedFromElsewhere: ReadonlySet<Family | undefined> = new Set<Family>(['extension']);

/** For the refusal to be read before the connection goes. */
const lingerMs = 500;

const bodies = new WeakMap<Request, Buffer<ArrayBuffer>>();

/** What a request brought, whole; it passed the gate. */
export function bodyOf(request: Request): Buffer<ArrayBuffer> {
  return bodies.get(request) ?? Buffer.alloc(0);
}

/**
 * In front of every route: normalizes the path, refuses methods that no route has, and reads the body while counting. Beyond the limit of its
 * part nothing more is read, with or without a content length, and the connection closes.
 */
export function requestGate(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('strict-transport-security', 'max-age=31536000');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'strict-origin-when-cross-origin');
  const target = canonicalTarget(request.url);
  if (target === undefined) {
    refuse(request, response, 400, 'invalid_input');
    return;
  }
  request.url = target;
  request.originalUrl = target;
  const family = familyOf(target);
  const isData = /\.data(?:\?|$)/.test(target);
  if (isData || (family !== undefined && personal.has(family)))
    response.setHeader('cache-control', 'no-store');
  if (
    !methods.has(request.method) &&
    !(request.method === 'OPTIONS' && askedFromElsewhere.has(family))
  ) {
    response.setHeader('allow', [...methods].join(', '));
    refuse(request, response, 405, 'method_not_allowed');
    return;
  }
  const limit = limitOf(target, family);
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    refuse(request, response, 413, 'payload_too_large');
    return;
  }
  if (
    request.headers['content-length'] === undefined &&
    request.headers['transfer-encoding'] === undefined
  ) {
    next();
    return;
  }
  read(request, response, limit, next);
}

function read(request: Request, response: Response, limit: number, next: NextFunction): void {
  const chunks: Buffer<ArrayBuffer>[] = [];
  let length = 0;
  const stop = () => {
    request.off('data', onData);
    request.off('end', onEnd);
  };
  const onData = (chunk: Buffer<ArrayBuffer>) => {
    length += chunk.length;
    if (length > limit) {
      stop();
      chunks.length = 0;
      request.pause();
      refuse(request, response, 413, 'payload_too_large');
      return;
    }
    chunks.push(chunk);
  };
  const onEnd = () => {
    stop();
    bodies.set(
      request,
      chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
    );
    next();
  };
  request.on('data', onData);
  request.once('end', onEnd);
  // A sender who disconnects is not waiting for a response.
  request.once('error', stop);
}

function refuse(request: Request, response: Response, status: number, code: string): void {
  response
    .status(status)
    .set('connection', 'close')
    .set('cache-control', 'no-store')
    .json({ error: { code, message: code.replaceAll('_', ' '), field: '' } });
  setTimeout(() => request.socket.destroy(), lingerMs).unref();
}
