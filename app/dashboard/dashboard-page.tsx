import { Page, type PageProps } from '@shopify/polaris';
import { TitleBar } from '@shopify/app-bridge-react';
import { HelpLink, type HelpTopic } from './help.tsx';
import { KeepFocus } from './keep-focus.tsx';

type DashboardPageProps = PageProps & {
  title: string;
  /** What the documentation says more about. */
  help?: HelpTopic;
};

/** A page of the dashboard: its title in Shopify's title bar and as the page's first heading. */
export function DashboardPage({ title, help, children, ...page }: DashboardPageProps) {
  return (
    <Page title={title} {...page}>
      <TitleBar title={title} />
      <KeepFocus>{children}</KeepFocus>
      {help !== undefined && <HelpLink topic={help} />}
    </Page>
  );
}
