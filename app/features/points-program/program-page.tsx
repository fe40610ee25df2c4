import { BlockStack, Layout } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { EarlierVersions } from '../../dashboard/earlier-versions.tsx';
import { ProgramStatus } from './program-status.tsx';
import {
  Expiration,
  Participants,
  Rewards,
  Rules,
  VipTiers,
  WaysToEarn,
} from './program-lists.tsx';
import type { ProgramOverview } from './program-overview.server.ts';

/** The whole program at a glance: each line opens its own page. */
export function ProgramPage(overview: ProgramOverview) {
  const { program, currency, versions, rewards, vip } = overview;
  const { t } = useTranslation();
  return (
    <DashboardPage
      help="earning"
      title={t('program.title')}
      secondaryActions={[{ content: t('trial.submit'), url: '/app/program/trial' }]}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <WaysToEarn {...overview} />
            <Rewards rewards={rewards} />
            <VipTiers vip={vip} currency={currency} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <ProgramStatus isActive={program.active} />
            <Expiration program={program} />
            <Rules program={program} />
            <Participants />
            <EarlierVersions
              of="program"
              versions={versions}
              fields={{ currentVersion: String(program.version) }}
              isDirty={false}
            />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </DashboardPage>
  );
}
