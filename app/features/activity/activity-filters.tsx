import { BlockStack, InlineGrid, InlineStack, Select, Tag, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useAddressFilters, useTypedSearch } from '../../dashboard/address-search.ts';
import type { ActivityData } from './activity.server.ts';
import { LOG_KINDS } from '#vocabulary/activity.ts';

/** Who, what and when. All of it lives in the address. */
export function ActivityFilters({
  asked,
  customerName,
}: Pick<ActivityData, 'asked' | 'customerName'>) {
  const { t } = useTranslation();
  const change = useAddressFilters();
  const [query, setQuery] = useTypedSearch(asked.query, (wanted) =>
    change({ query: wanted, ...(wanted === '' ? {} : { customer: '' }) }),
  );
  return (
    <BlockStack gap="300">
      <InlineGrid columns={{ xs: 1, sm: 2, lg: 4 }} gap="400">
        <TextField
          label={t('activity.customer')}
          helpText={t('customers.searchHint')}
          type="search"
          value={query}
          onChange={setQuery}
          maxLength={254}
          autoComplete="off"
          clearButton
          onClearButtonClick={() => setQuery('')}
        />
        <Select
          label={t('activity.kind')}
          value={asked.kind}
          onChange={(kind) => change({ kind })}
          options={[
            { value: '', label: t('activity.kinds.all') },
            ...LOG_KINDS.map((value) => ({ value, label: t(`activity.kinds.${value}`) })),
          ]}
        />
        <TextField
          label={t('activity.from')}
          type="date"
          value={asked.from}
          {...(asked.to === '' ? {} : { max: asked.to })}
          onChange={(from) => change({ from })}
          autoComplete="off"
        />
        <TextField
          label={t('activity.to')}
          type="date"
          value={asked.to}
          {...(asked.from === '' ? {} : { min: asked.from })}
          onChange={(to) => change({ to })}
          autoComplete="off"
        />
      </InlineGrid>
      {asked.customer !== '' && (
        <InlineStack>
          <Tag onRemove={() => change({ customer: '' })}>
            {customerName || t('customers.noName')}
          </Tag>
        </InlineStack>
      )}
    </BlockStack>
  );
}
