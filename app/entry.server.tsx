import { PassThrough } from 'node:stream';
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type EntryContext,
  type LoaderFunctionArgs,
} from '@remix-run/node';
import { RemixServer, isRouteErrorResponse } from '@remix-run/react';
import { createInstance } from 'i18next';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { loggablePath } from './access-log.server.ts';
import { i18nConfig } from './i18n/config.ts';
import { languageOf, resources } from './i18n/i18next.server.ts';
import { log } from './log.server.ts';
import { NonceContext } from './nonce.ts';
import { addDocumentResponseHeaders } from './shopify.server.ts';
import { reportError } from './telemetry.server.ts';

export const streamTimeout = 5_000;

/** Errors in loaders, actions and rendering; responses thrown on purpose do not arrive here. */
export function handleError(
  error: unknown,
  { request }: LoaderFunctionArgs | ActionFunctionArgs,
): void {
  if (request.signal.aborted) return;
  const { pathname, search } = new URL(request.url);
  const path = loggablePath(`${pathname}${search}`);
  // An address or a method that no route has: the framework's own words repeat the whole of it.
  if (isRouteErrorResponse(error) && error.status < 500) {
    log().info({ status: error.status, path }, 'No route answers this');
    return;
  }
  log().error({ err: error, path }, 'A request failed');
  void reportError(error);
}

/** Pages outside Shopify's admin cannot be framed. */
function addFrameHeaders(request: Request, headers: Headers): void {
  addDocumentResponseHeaders(request, headers);
  if (!headers.has('Content-Security-Policy'))
    headers.set('Content-Security-Policy', `frame-ancestors 'none';`);
}

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  // The console has its own policy, set for every response; its scripts carry a nonce.
  const nonce = request.headers.get('x-csp-nonce') ?? undefined;
  if (nonce === undefined) addFrameHeaders(request, headers);
  const language = await languageOf(request);
  const instance = createInstance();
  await instance.use(initReactI18next).init({ ...i18nConfig, lng: language, resources });
  const ready = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady';
  let responseStatus = status;
  return new Promise<Response>((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <I18nextProvider i18n={instance}>
          <RemixServer context={context} url={request.url} nonce={nonce} />
        </I18nextProvider>
      </NonceContext.Provider>,
      {
        ...(nonce === undefined ? {} : { nonce }),
        [ready]: () => {
          const body = new PassThrough();
          headers.set('Content-Type', 'text/html; charset=utf-8');
          resolve(
            new Response(createReadableStreamFromReadable(body), {
              headers,
              status: responseStatus,
            }),
          );
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          responseStatus = 500;
          log().error({ err: error }, 'A page could not be rendered');
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000);
  });
}
