import { data, type LoaderFunctionArgs } from '@remix-run/node';
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  isRouteErrorResponse,
  useRouteError,
  useRouteLoaderData,
  type ShouldRevalidateFunction,
} from '@remix-run/react';
import { useContext, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { env } from './env.server.ts';
import { languageCookie, languageOf } from './i18n/i18next.server.ts';
import { NonceContext } from './nonce.ts';

const APP_BRIDGE = 'https://cdn.shopify.com/shopifycloud/app-bridge.js';

export async function loader({ request }: LoaderFunctionArgs) {
  const language = await languageOf(request);
  const asked = new URL(request.url).searchParams.has('locale');
  const headers = new Headers();
  if (asked) headers.append('Set-Cookie', await languageCookie.serialize(language));
  return data(
    {
      language,
      sentryDsn: env().SENTRY_DSN ?? '',
      apiKey: isEmbedded(request) ? env().SHOPIFY_API_KEY : '',
    },
    { headers },
  );
}

/** Pages of Shopify's admin, also those that are not there: without App Bridge the admin takes them for a hung app. */
const isEmbedded = (request: Request): boolean =>
  /^\/app(\/|$)/.test(new URL(request.url).pathname);

// The language is the document's: it changes with the next document, not on the way to another page.
export const shouldRevalidate: ShouldRevalidateFunction = () => false;

export function Layout({ children }: { children: ReactNode }) {
  const root = useRouteLoaderData<typeof loader>('root');
  const { i18n } = useTranslation();
  const nonce = useContext(NonceContext);
  return (
    <html lang={root?.language ?? i18n.language} data-sentry-dsn={root?.sentryDsn || undefined}>
      <head>
        <meta charSet="utf-8" />
        {root?.apiKey && (
          <>
            <meta name="shopify-api-key" content={root.apiKey} />
            {/* The first script of the document, and neither deferred nor from anywhere else: Shopify's rule. */}
            <script src={APP_BRIDGE} />
          </>
        )}
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  // Browser tests wait for it: what is clicked before React has taken over is lost.
  useEffect(() => {
    document.documentElement.dataset['hydrated'] = '';
  }, []);
  return <Outlet />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const { t } = useTranslation();
  useEffect(() => {
    const dsn = document.documentElement.dataset['sentryDsn'];
    if (dsn && !isRouteErrorResponse(error))
      void import('@sentry/remix').then((sentry) => sentry.captureRemixErrorBoundaryError(error));
  }, [error]);
  return (
    <main>
      <h1>{t('errors.title')}</h1>
      <p>
        {t(
          isRouteErrorResponse(error) && error.status === 404
            ? 'errors.not_found'
            : 'errors.internal',
        )}
      </p>
    </main>
  );
}
