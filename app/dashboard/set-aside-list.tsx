import { BlockStack, List, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Sync } from '#proto/admin/v1/admin.ts';
import { groupSetAside } from './set-aside.ts';
import { useFormat } from './shop.ts';

export const hasSetAside = (sync: Sync | null): sync is Sync =>
  sync !== null && sync.customersSetAside + sync.ordersSetAside > 0;

/** How many customers and orders the first import left out, and why. */
export function SetAsideList({ sync }: { sync: Sync }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <BlockStack gap="200">
      <Text as="p">
        {t('setAside.counts', {
          customers: number(sync.customersSetAside),
          orders: number(sync.ordersSetAside),
        })}
      </Text>
      <List>
        {groupSetAside(sync).map(({ kind, reason, count, ids }) => (
          <List.Item key={`${kind} ${reason}`}>
            {t(`setAside.${kind}.${reason}`, { number: number(count) })}
            {ids.length > 0 && ` ${t('setAside.ids', { ids: ids.join(', ') })}`}
          </List.Item>
        ))}
      </List>
      <Text as="p" tone="subdued">
        {t('setAside.next')}
      </Text>
    </BlockStack>
  );
}
