import { lookup as resolve } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { hostOf, isPublicAddress, urlProblem } from './public-address.ts';
import type { DeliveryFailure } from '#vocabulary/public-events.ts';

/** How an endpoint answered. */
export interface EventAnswer {
  readonly failure: DeliveryFailure | '';
  readonly answerStatus: number;
  readonly answerExcerpt: string;
  readonly durationMs: number;
  readonly retryAfterSeconds: number;
}

export interface PostOptions {
  /** Origins that may be anywhere and without encryption: for tests and the demo. */
  readonly allowedOrigins: readonly string[];
  readonly timeoutMs?: number;
}

/** To the end of the answer, name resolution included. */
const defaultTimeoutMs = 15_000;
/** Of an answer no more is read. */
const answerBytes = 4_096;
const excerptLength = 500;
const longestRetryAfterSeconds = 86_400;

class AddressRefused extends Error {}

/**
 * Posts an event to a merchant's endpoint. The connection is made to an address that was checked, so that a name that
 * resolves differently a moment later changes nothing; redirects are not followed.
 */
export async function postEvent(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { allowedOrigins, timeoutMs = defaultTimeoutMs }: PostOptions,
): Promise<EventAnswer> {
  const started = performance.now();
  const ended = (answer: Partial<EventAnswer>): EventAnswer => ({
    failure: '',
    answerStatus: 0,
    answerExcerpt: '',
    retryAfterSeconds: 0,
    ...answer,
    durationMs: Math.round(performance.now() - started),
  });
  if (urlProblem(address, allowedOrigins) !== undefined)
    return ended({ failure: 'address_refused' });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return ended(await exchange(new URL(address), headers, body, allowedOrigins, signal));
  } catch (error) {
    return ended({ failure: signal.aborted ? 'timeout' : failureOf(error) });
  }
}

function exchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  allowedOrigins: readonly string[],
  signal: AbortSignal,
): Promise<Partial<EventAnswer>> {
  const isAllowed = allowedOrigins.includes(url.origin);
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'LoyalNest-Webhooks/1.0',
    },
    // A connection of its own: one that is kept open was checked for another name.
    agent: false,
    signal,
    ...(!isAllowed && { lookup: checkedLookup }),
  };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((done, failed) => {
    // A literal address is connected to without any lookup.
    if (!isAllowed && isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url))) {
      failed(new AddressRefused());
      return;
    }
    const request = send(url, options, (response) => {
      readAnswer(response).then(done, failed);
    });
    request.once('error', failed);
    request.end(body);
  });
}

/** Resolves a name and refuses it when any of its addresses is not public. */
const checkedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { family: options.family, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) {
      callback(error ?? new AddressRefused(), '', 0);
      return;
    }
    if (!addresses.every(({ address }) => isPublicAddress(address))) {
      callback(new AddressRefused(), '', 0);
      return;
    }
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

async function readAnswer(response: IncomingMessage): Promise<Partial<EventAnswer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length >= answerBytes) break;
  }
  const status = response.statusCode ?? 0;
  return {
    failure: failureOfStatus(status),
    answerStatus: status,
    answerExcerpt: excerptOf(Buffer.concat(chunks).subarray(0, answerBytes)),
    retryAfterSeconds: retryAfterOf(response.headers['retry-after']),
  };
}

function failureOfStatus(status: number): DeliveryFailure | '' {
  if (status >= 200 && status < 300) return '';
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirect' : 'answer';
}

/** As text, whatever it is. */
export function excerptOf(bytes: Buffer): string {
  const text = bytes
    .toString('utf8')
    .replace(/[\p{Cc}\p{Cs}\p{Co}\ufffd]+/gu, ' ')
    .trim();
  // By characters, for none to be cut in half, in as many units as core keeps.
  let excerpt = '';
  for (const character of text) {
    if (excerpt.length + character.length > excerptLength) break;
    excerpt += character;
  }
  return excerpt;
}

function retryAfterOf(header: string | undefined): number {
  if (header === undefined) return 0;
  const seconds = /^\d{1,9}$/.test(header)
    ? Number(header)
    : Math.ceil((Date.parse(header) - Date.now()) / 1_000);
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), longestRetryAfterSeconds);
}

function failureOf(error: unknown): DeliveryFailure {
  if (error instanceof AddressRefused) return 'address_refused';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:ENOTFOUND|EAI_|ENODATA)/.test(code)) return 'unresolved';
  return /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)
    ? 'certificate'
    : 'connection';
}
