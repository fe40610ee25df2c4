import type { HeadersFunction, LinksFunction } from '@remix-run/node';
import {
  Outlet,
  useLoaderData,
  useLocation,
  useNavigation,
  useRouteError,
  type ShouldRevalidateFunction,
} from '@remix-run/react';
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import { boundary } from '@shopify/shopify-app-remix/server';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DashboardProvider } from '../dashboard/dashboard-provider.tsx';
import dashboardStyles from '../dashboard/dashboard.css?url';
import { wasRefused } from '../dashboard/kept-form.ts';
import { layoutWhileDown, loadLayout } from '../dashboard/layout.server.ts';
import { LayoutError } from '../dashboard/layout-error.tsx';
import { merchantLoaderAnyway } from '../dashboard/merchant-request.server.ts';
import { isShownWhileDown } from '../dashboard/status-page.ts';
import { wordsFor } from '../i18n/next-words.ts';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: polarisStyles },
  { rel: 'stylesheet', href: dashboardStyles },
];

export const loader = merchantLoaderAnyway(loadLayout, layoutWhileDown);

/** Of this document: in a browser there is one. */
let isShopKnown = true;

// The shop's name, currency and words change by saving, never by walking from page to page.
// After a failed save nothing is reloaded: while core is down, that would replace the form with an error.
// On the status page and the home page it may be missing: then it is asked for again each time.
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl,
  formMethod,
  actionResult,
  actionStatus,
}) =>
  (!isShopKnown && isShownWhileDown(currentUrl.pathname)) ||
  (formMethod !== undefined && formMethod !== 'GET' && !wasRefused(actionResult, actionStatus));

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function DashboardLayout() {
  const { polaris, shop } = useLoaderData<typeof loader>();
  const { t, i18n } = useTranslation();
  // The document's language stays: Shopify names it in the first address alone.
  const [polarisWords] = useState(polaris);
  const { pathname } = useLocation();
  const next = useNavigation().location?.pathname;
  // Beside the page's script and data; whatever is late holds up the page, which React shows when it has all of it.
  useEffect(() => {
    if (next !== undefined) void wordsFor(next, i18n);
  }, [next, i18n]);
  useEffect(() => {
    isShopKnown = shop.shopDomain !== '';
  }, [shop]);
  const words = wordsFor(pathname, i18n);
  // As React's Suspense is told to wait.
  if (words !== undefined) throw words;
  return (
    <DashboardProvider words={polarisWords}>
      <s-app-nav>
        <s-link href="/app" rel="home">
          {t('nav.home')}
        </s-link>
        <s-link href="/app/program">{t('nav.program')}</s-link>
        <s-link href="/app/customers">{t('nav.customers')}</s-link>
        <s-link href="/app/campaigns">{t('nav.marketing')}</s-link>
        <s-link href="/app/referrals">{t('nav.referrals')}</s-link>
        <s-link href="/app/content">{t('nav.content')}</s-link>
        <s-link href="/app/settings">{t('nav.settings')}</s-link>
      </s-app-nav>
      <main>
        <Outlet />
      </main>
    </DashboardProvider>
  );
}

export function ErrorBoundary() {
  return <LayoutError error={useRouteError()} />;
}
