import type { HeadersFunction, LinksFunction } from '@remix-run/node';
import {
  Link,
  Outlet,
  useLoaderData,
  useRouteError,
  type ShouldRevalidateFunction,
} from '@remix-run/react';
import { NavMenu } from '@shopify/app-bridge-react';
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import { AppProvider } from '@shopify/shopify-app-remix/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import dashboardStyles from '../dashboard/dashboard.css?url';
import { wasRefused } from '../dashboard/kept-form.ts';
import { loadLayout } from '../dashboard/layout.server.ts';
import { LayoutError } from '../dashboard/layout-error.tsx';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: polarisStyles },
  { rel: 'stylesheet', href: dashboardStyles },
];

export const loader = merchantLoader(loadLayout);

// The shop's name, currency and words change by saving, never by walking from page to page.
// Of a save that failed nothing is loaded: while core is away, that would put an error in the place of the form.
export const shouldRevalidate: ShouldRevalidateFunction = ({
  formMethod,
  actionResult,
  actionStatus,
}) => formMethod !== undefined && formMethod !== 'GET' && !wasRefused(actionResult, actionStatus);

export const headers: HeadersFunction = (args) => boundary.headers(args);

export default function DashboardLayout() {
  const { apiKey, polaris } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  // The document's language stays: Shopify names it in the first address alone.
  const [words] = useState(polaris);
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey} {...(words === undefined ? {} : { i18n: words })}>
      <NavMenu>
        <Link to="/app" rel="home">
          {t('nav.home')}
        </Link>
        <Link to="/app/customers">{t('nav.customers')}</Link>
        <Link to="/app/program">{t('nav.program')}</Link>
        <Link to="/app/rewards">{t('nav.rewards')}</Link>
        <Link to="/app/tiers">{t('nav.tiers')}</Link>
        <Link to="/app/campaigns">{t('nav.campaigns')}</Link>
        <Link to="/app/content">{t('nav.content')}</Link>
        <Link to="/app/activity">{t('nav.activity')}</Link>
        <Link to="/app/deliveries">{t('nav.deliveries')}</Link>
        <Link to="/app/settings">{t('nav.settings')}</Link>
      </NavMenu>
      <main>
        <Outlet />
      </main>
    </AppProvider>
  );
}

export function ErrorBoundary() {
  return <LayoutError error={useRouteError()} />;
}
