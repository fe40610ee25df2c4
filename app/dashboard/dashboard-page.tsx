import { Page, type PageProps } from '@shopify/polaris';
import { TitleBar } from '@shopify/app-bridge-react';
import { KeepFocus } from './keep-focus.tsx';

/** A page of the dashboard: its title in Shopify's title bar and as the page's first heading. */
export function DashboardPage({ title, children, ...page }: PageProps & { title: string }) {
  return (
    <Page title={title} {...page}>
      <TitleBar title={title} />
      <KeepFocus>{children}</KeepFocus>
    </Page>
  );
}
