import { Box, InlineStack, Tag } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { ActivityData } from './activity.server.ts';
import { LOG_KINDS } from '#vocabulary/activity.ts';

/** Who, what and when. All of it lives in the address. */
export function ActivityFilters({
  asked,
  customerName,
}: Pick<ActivityData, 'asked' | 'customerName'>) {
  const { t } = useTranslation();
  const { day } = useFormat();
  const change = useAddressFilters();
  return (
    <>
      <ListFilters
        search={{ name: 'query', label: t('customers.searchHint'), value: asked.query }}
        filters={[
          {
            key: 'kind',
            label: t('activity.kind'),
            value: asked.kind,
            choices: LOG_KINDS.map((value) => ({ value, label: t(`activity.kinds.${value}`) })),
          },
          {
            key: 'dates',
            label: t('activity.dates'),
            from: asked.from,
            to: asked.to,
            said: [asked.from, asked.to].map((one) => (one === '' ? '…' : day(one))).join(' – '),
          },
        ]}
        // A name that is typed replaces the customer that was chosen.
        onChange={(changes) =>
          change({ ...changes, ...((changes['query'] ?? '') !== '' && { customer: '' }) })
        }
      />
      {asked.customer !== '' && (
        <Box paddingInline="400" paddingBlock="200">
          <InlineStack>
            <Tag onRemove={() => change({ customer: '' })}>
              {customerName || t('customers.noName')}
            </Tag>
          </InlineStack>
        </Box>
      )}
    </>
  );
}
