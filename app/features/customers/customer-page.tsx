import { Banner, BlockStack, Box, InlineStack, Layout, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '#proto/points/v1/points.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { shopifyAdminUrl, useFormat, useShop } from '../../dashboard/shop.ts';
import { AdjustModal } from './adjust-modal.tsx';
import { BalanceCard } from './balance-card.tsx';
import { BalanceLines } from './balance-lines.tsx';
import type { CustomerAction } from './customer-action.ts';
import { customerName } from './customer-name.ts';
import type { CustomerData } from './customer.server.ts';
import { ExpiryCard } from './expiry-card.tsx';
import { Kind } from './customers-page.tsx';
import { Ledger } from './ledger.tsx';
import { ScoreCard } from './score-card.tsx';
import { TierCard } from './tier-card.tsx';
import { RedemptionsCard } from './redemptions-card.tsx';
import { UndoModal } from './undo-modal.tsx';

export function CustomerPage({
  customer,
  balance,
  lines,
  isConsistent,
  entries,
  nextCursor,
  redemptions,
  score,
  tier,
  expiry,
}: CustomerData) {
  const { t } = useTranslation();
  const { points, signed, number, money, date } = useFormat();
  const { shopDomain } = useShop();
  const [isAdjusting, setAdjusting] = useState(false);
  const [undoing, setUndoing] = useState<Entry>();
  const [done, setDone] = useState<CustomerAction & { ok: true }>();
  useFreshOnReturn();

  const isErased = customer.redactedAt !== '';
  const title = isErased
    ? t('customers.erased')
    : customerName(customer) || customer.email || t('customers.noName');
  const finish = (result: CustomerAction & { ok: true }) => {
    setAdjusting(false);
    setUndoing(undefined);
    setDone(result);
  };
  const inShopify = {
    content: t('customer.inShopify'),
    url: shopifyAdminUrl(shopDomain, `customers/${customer.shopifyCustomerId}`),
    target: '_top' as const,
  };
  const allActivity = {
    content: t('customer.allActivity'),
    url: `/app/activity?customer=${customer.customerId}`,
  };
  return (
    <DashboardPage
      title={title}
      titleMetadata={<Kind customer={customer} />}
      backAction={{ content: t('customer.back'), url: '/app/customers' }}
      {...(isErased
        ? {}
        : {
            primaryAction: {
              content: t('customer.adjust.open'),
              onAction: () => setAdjusting(true),
            },
          })}
      secondaryActions={
        customer.shopifyCustomerId === '' || isErased ? [allActivity] : [allActivity, inShopify]
      }
    >
      <BlockStack gap="400">
        <OutcomeBanner
          answer={done}
          success={
            done &&
            t(`customer.${done.intent}.done`, {
              points: signed(done.points),
              balance: points(done.balance),
            })
          }
        />
        {isErased && (
          <Banner tone="info">
            <p>{t('customer.erasedBanner')}</p>
          </Banner>
        )}
        <Box paddingInline={{ xs: '400', sm: '0' }}>
          <InlineStack gap="300" blockAlign="center">
            {!isErased && <Text as="p">{customer.email || t('customer.noEmail')}</Text>}
            <Text as="p" tone="subdued">
              {t('customer.orders', {
                count: customer.orderCount,
                formatted: number(customer.orderCount),
              })}
            </Text>
            {customer.totalSpend !== undefined && (
              <Text as="p" tone="subdued">
                {t('customer.spent', { amount: money(customer.totalSpend) })}
              </Text>
            )}
            <Text as="p" tone="subdued">
              <span suppressHydrationWarning>
                {t('customer.memberSince', { date: date(customer.createdAt) })}
              </span>
            </Text>
          </InlineStack>
        </Box>
        <Layout>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <BalanceCard balance={balance} />
              <ExpiryCard {...expiry} />
              {!isErased && <TierCard {...tier} />}
            </BlockStack>
          </Layout.Section>
          <Layout.Section>
            <BalanceLines lines={lines} total={balance?.balance ?? 0} isConsistent={isConsistent} />
          </Layout.Section>
        </Layout>
        {!isErased && <ScoreCard {...score} />}
        <RedemptionsCard redemptions={redemptions} />
        <Ledger entries={entries} onUndo={setUndoing} canUndo={!isErased} />
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
      {isAdjusting && (
        <AdjustModal
          balance={balance?.balance ?? 0}
          available={balance?.available ?? 0}
          onClose={() => setAdjusting(false)}
          onDone={finish}
        />
      )}
      {undoing !== undefined && (
        <UndoModal entry={undoing} onClose={() => setUndoing(undefined)} onDone={finish} />
      )}
    </DashboardPage>
  );
}
