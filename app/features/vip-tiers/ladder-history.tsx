import type { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Box, Button, Card, Modal, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../dashboard/dialog.tsx';
import type { VipLadder } from '#proto/points/v1/tiers.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { TiersAction } from './tiers-action.ts';

interface LadderHistoryProps {
  history: readonly VipLadder[];
  /** Names what the page shows. */
  revision: string;
  /** What is typed and not saved would be lost. */
  isDirty: boolean;
  fetcher: ReturnType<typeof useFetcher<TiersAction>>;
}

/** Every ladder that was ever in force; each of the earlier ones can come back. */
export function LadderHistory({ history, revision, isDirty, fetcher }: LadderHistoryProps) {
  const { t } = useTranslation();
  const { language, number, dateTime } = useFormat();
  const [asking, setAsking] = useState<number>();
  const restore = (version: number) => {
    setAsking(undefined);
    fetcher.submit({ intent: 'restore', version: String(version), revision }, { method: 'post' });
  };
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('tiers.history.title')}
          </Text>
          <Text as="p" tone="subdued">
            {t('tiers.history.help')}
          </Text>
        </BlockStack>
      </Box>
      <RecordTable
        caption={t('tiers.history.title')}
        rows={history}
        rowKey={(ladder) => String(ladder.version)}
        columns={[
          {
            key: 'version',
            title: t('tiers.history.version'),
            heading: true,
            cell: (ladder) => (
              <BlockStack gap="050" inlineAlign="start">
                <span>{number(ladder.version)}</span>
                {ladder.status === 'published' && (
                  <Badge tone="success">{t('tiers.history.inForce')}</Badge>
                )}
                {ladder.restoresVersion > 0 && (
                  <Text as="span" tone="subdued" variant="bodySm">
                    {t('tiers.history.restored', { version: number(ladder.restoresVersion) })}
                  </Text>
                )}
              </BlockStack>
            ),
          },
          {
            key: 'tiers',
            title: t('tiers.history.tiers'),
            cell: (ladder) =>
              ladder.tiers.map((tier) => wordsIn(tier.names, language)).join(' → ') ||
              t('tiers.history.off'),
          },
          {
            key: 'published',
            title: t('tiers.history.published'),
            cell: (ladder) => (
              <time dateTime={ladder.publishedAt} suppressHydrationWarning>
                {dateTime(ladder.publishedAt)}
              </time>
            ),
          },
          {
            key: 'restore',
            title: t('tiers.history.restore'),
            hideTitle: true,
            cell: (ladder) =>
              ladder.status === 'published' ? null : (
                <Button
                  variant="plain"
                  accessibilityLabel={t('tiers.history.restoreOf', {
                    version: number(ladder.version),
                  })}
                  disabled={isDirty || fetcher.state !== 'idle'}
                  onClick={() => setAsking(ladder.version)}
                >
                  {t('tiers.history.restore')}
                </Button>
              ),
          },
        ]}
      />
      {asking !== undefined && (
        <Dialog
          onClose={() => setAsking(undefined)}
          title={t('tiers.history.restoreTitle', { version: number(asking ?? 0) })}
          primaryAction={{
            content: t('tiers.history.restore'),
            onAction: () => restore(asking ?? 0),
          }}
          secondaryActions={[{ content: t('common.cancel'), onAction: () => setAsking(undefined) }]}
        >
          <Modal.Section>
            <p>{t('tiers.history.restoreBody')}</p>
          </Modal.Section>
        </Dialog>
      )}
    </Card>
  );
}
