// The four providers of messages, as strict as their published schemas: what they took is kept, to be looked at.
import type http from 'node:http';
import { readBody } from '../shopify/http.ts';
import { klaviyo } from './klaviyo.ts';
import { postscript } from './postscript.ts';
import { ses } from './ses.ts';
import { twilio } from './twilio.ts';
import type { Answer, Desk, Posted, ProviderName, Taken } from './desk.ts';

/** How a provider fails: with a status, with what is no answer, by hanging up after it took the message, or before. */
export type Failure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'taken_then_silent' }
  | { readonly kind: 'silent' };

const desks: readonly Desk[] = [klaviyo, twilio, postscript, ses];
const keepMessages = 2_000;

export interface PostOffice {
  /** Newest last. */
  readonly messages: readonly Taken[];
  /** Every request that reached a provider, whatever came of it. */
  readonly asked: readonly { readonly provider: ProviderName; readonly status: number }[];
  isPlayed(host: string): boolean;
  handle(request: http.IncomingMessage, response: http.ServerResponse, host: string): Promise<void>;
  fail(provider: ProviderName, failure: Failure | undefined): void;
  reset(): void;
}

export function openPostOffice(): PostOffice {
  const messages: Taken[] = [];
  const asked: { provider: ProviderName; status: number }[] = [];
  const failures = new Map<ProviderName, Failure>();
  const seen = new Set<string>();
  const take = (provider: ProviderName, message: Posted): void => {
    // Klaviyo keeps the first of several with one id.
    const key = message.uniqueId === undefined ? undefined : `${provider}/${message.uniqueId}`;
    if (key !== undefined && seen.has(key)) return;
    if (key !== undefined) seen.add(key);
    messages.push({ ...message, provider, at: new Date().toISOString() });
    if (messages.length > keepMessages) messages.shift();
  };
  return {
    messages,
    asked,
    isPlayed: (host) => desks.some((desk) => desk.host.test(host)),
    fail(provider, failure) {
      if (failure === undefined) failures.delete(provider);
      else failures.set(provider, failure);
    },
    reset() {
      messages.length = 0;
      asked.length = 0;
      failures.clear();
      seen.clear();
    },
    async handle(request, response, host) {
      const desk = desks.find((one) => one.host.test(host));
      if (desk === undefined) throw new RangeError(`${host} is no provider's`);
      const body = await readBody(request);
      const failure = failures.get(desk.name);
      const note = (status: number) => void asked.push({ provider: desk.name, status });
      if (failure !== undefined && failure.kind !== 'taken_then_silent') {
        note(failure.kind === 'status' ? failure.status : 0);
        return failWith(response, failure);
      }
      const { answer, message } = desk.answer({
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: request.headers,
        body,
      });
      if (message !== undefined) take(desk.name, message);
      note(answer.status);
      if (failure === undefined) return send(response, answer);
      response.destroy();
    },
  };
}

function failWith(response: http.ServerResponse, failure: Failure): void {
  if (failure.kind === 'status') {
    response.writeHead(failure.status, {
      'content-type': 'application/json',
      ...(failure.retryAfter !== undefined && { 'retry-after': String(failure.retryAfter) }),
    });
    response.end('{}');
  } else if (failure.kind === 'garbage') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><p>Welcome to the hotel’s network');
  } else response.destroy();
}

function send(response: http.ServerResponse, { status, body, type, headers }: Answer): void {
  response.writeHead(status, { 'content-type': type ?? 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
