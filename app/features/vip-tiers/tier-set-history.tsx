import type { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Box, Button, Card, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import type { VipTierSet } from '#proto/points/v1/tiers.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { TiersAction } from './tiers-action.ts';

interface TierSetHistoryProps {
  history: readonly VipTierSet[];
  /** Names what the page shows. */
  revision: string;
  /** What is typed and not saved would be lost. */
  isDirty: boolean;
  fetcher: ReturnType<typeof useFetcher<TiersAction>>;
}

/** Every tier set that was ever published; any earlier one can be restored. */
export function TierSetHistory({ history, revision, isDirty, fetcher }: TierSetHistoryProps) {
  const { t } = useTranslation();
  const { language, number } = useFormat();
  const [asking, setAsking] = useState<number>();
  const restore = (version: number) => {
    setAsking(undefined);
    fetcher.submit({ intent: 'restore', version: String(version), revision }, { method: 'post' });
  };
  return (
    <Card padding="0">
      <Heading />
      <RecordTable
        caption={t('tiers.history.title')}
        rows={history}
        rowKey={(set) => String(set.version)}
        columns={[
          {
            key: 'version',
            title: t('tiers.history.version'),
            heading: true,
            cell: (set) => <Version tierSet={set} />,
          },
          {
            key: 'tiers',
            title: t('tiers.history.tiers'),
            cell: (set) =>
              set.tiers.map((tier) => wordsIn(tier.names, language)).join(' → ') ||
              t('tiers.history.off'),
          },
          {
            key: 'published',
            title: t('tiers.history.published'),
            cell: (set) => <Moment at={set.publishedAt} />,
          },
          {
            key: 'restore',
            title: t('tiers.history.restore'),
            hideTitle: true,
            cell: (set) =>
              set.status === 'published' ? null : (
                <Button
                  variant="plain"
                  accessibilityLabel={t('tiers.history.restoreOf', {
                    version: number(set.version),
                  })}
                  disabled={isDirty || fetcher.state !== 'idle'}
                  onClick={() => setAsking(set.version)}
                >
                  {t('tiers.history.restore')}
                </Button>
              ),
          },
        ]}
      />
      {asking !== undefined && (
        <RestoreDialog
          version={asking}
          onClose={() => setAsking(undefined)}
          onRestore={() => restore(asking)}
        />
      )}
    </Card>
  );
}

function Heading() {
  const { t } = useTranslation();
  return (
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
  );
}

function Version({ tierSet }: { tierSet: VipTierSet }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <BlockStack gap="050" inlineAlign="start">
      <span>{number(tierSet.version)}</span>
      {tierSet.status === 'published' && <Badge tone="success">{t('tiers.history.inForce')}</Badge>}
      {tierSet.restoresVersion > 0 && (
        <Text as="span" tone="subdued" variant="bodySm">
          {t('tiers.history.restored', { version: number(tierSet.restoresVersion) })}
        </Text>
      )}
    </BlockStack>
  );
}

interface RestoreDialogProps {
  version: number;
  onClose: () => void;
  onRestore: () => void;
}

function RestoreDialog({ version, onClose, onRestore }: RestoreDialogProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <Dialog
      onClose={onClose}
      title={t('tiers.history.restoreTitle', { version: number(version) })}
      primaryAction={{ content: t('tiers.history.restore'), onAction: onRestore }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <p>{t('tiers.history.restoreBody')}</p>
      </DialogSection>
    </Dialog>
  );
}
