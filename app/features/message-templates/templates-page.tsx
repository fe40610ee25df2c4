import { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Box, Button, Card, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { RecordTable, type Column } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { isLanguage } from '../../i18n/languages.ts';
import type { Switched, TemplatesData } from './templates.server.ts';

type Row = TemplatesData['templates'][number];

/** What members are written: each type of message with its switch, and the way to its words. */
export function TemplatesPage({ templates }: TemplatesData) {
  const { t } = useTranslation();
  const fetcher = useFetcher<Switched>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  const columns = useColumns(fetcher.state !== 'idle', ({ type, enabled }) =>
    fetcher.submit({ type, enabled: String(!enabled) }, { method: 'post' }),
  );
  return (
    <DashboardPage
      title={t('templates.title')}
      help="messages"
      backAction={{ content: t('nav.content'), url: '/app/content' }}
    >
      <BlockStack gap="400">
        {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
        <Box paddingInline={{ xs: '400', sm: '0' }}>
          <Text as="p" tone="subdued">
            {t('templates.intro')}
          </Text>
        </Box>
        <Card padding="0">
          <RecordTable
            caption={t('templates.title')}
            rows={templates}
            rowKey={({ type }) => type}
            columns={columns}
          />
        </Card>
      </BlockStack>
    </DashboardPage>
  );
}

function useColumns(isBusy: boolean, onSwitch: (row: Row) => void): Column<Row>[] {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  return [
    {
      key: 'name',
      title: t('templates.column.name'),
      heading: true,
      cell: ({ type }) => (
        <BlockStack>
          <Link url={`/app/content/messages/${type}`} removeUnderline>
            {t(`templates.types.${type}.name`)}
          </Link>
          <Text as="span" tone="subdued">
            {t(`templates.types.${type}.when`)}
          </Text>
        </BlockStack>
      ),
    },
    {
      key: 'channels',
      title: t('templates.column.channels'),
      cell: () => t('templates.channels'),
    },
    {
      key: 'languages',
      title: t('templates.column.words'),
      cell: ({ languages }) =>
        languages.length === 0
          ? t('templates.defaultWords')
          : t('templates.ownWords', {
              languages: languages.filter(isLanguage).map(languageName).join(', '),
            }),
    },
    {
      key: 'status',
      title: t('templates.column.status'),
      cell: ({ enabled }) => (
        <Badge tone={enabled ? 'success' : 'new'}>
          {enabled ? t('templates.on') : t('templates.off')}
        </Badge>
      ),
    },
    {
      key: 'actions',
      title: t('templates.column.actions'),
      hideTitle: true,
      cell: (row) => (
        <Button
          disabled={isBusy}
          accessibilityLabel={t(row.enabled ? 'templates.turnOffOf' : 'templates.turnOnOf', {
            name: t(`templates.types.${row.type}.name`),
          })}
          onClick={() => onSwitch(row)}
        >
          {row.enabled ? t('templates.turnOff') : t('templates.turnOn')}
        </Button>
      ),
    },
  ];
}
