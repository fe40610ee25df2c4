import { Banner, BlockStack, Box, InlineStack, Layout, Text } from '@shopify/polaris';
import { startTransition, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listAddress } from '../../dashboard/list-state.ts';
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
import { ReferralsCard } from './referrals-card.tsx';
import { ScoreCard } from './score-card.tsx';
import { TierCard } from './tier-card.tsx';
import { RedemptionsCard } from './redemptions-card.tsx';
import { UndoModal } from './undo-modal.tsx';

export function CustomerPage(data: CustomerData) {
  const { customer, balance, entries, nextCursor, redemptions, score } = data;
  const { t } = useTranslation();
  const [isAdjusting, setAdjusting] = useState(false);
  const [undoing, setUndoing] = useState<Entry>();
  const [done, setDone] = useState<Finished>();
  useFreshOnReturn();

  const isErased = customer.redactedAt !== '';
  const title = isErased
    ? t('customers.erased')
    : customerName(customer) || customer.email || t('customers.noName');
  const finish = (result: Finished) => {
    setAdjusting(false);
    setUndoing(undefined);
    setDone(result);
  };
  const links = useLinks(customer, isErased);
  return (
    <DashboardPage
      help="why-is-my-balance-so"
      title={title}
      titleMetadata={<Kind customer={customer} />}
      backAction={{ content: t('customer.back'), url: listAddress('/app/customers') }}
      {...(isErased
        ? {}
        : {
            primaryAction: {
              content: t('customer.adjust.open'),
              // The button answers before the dialog is drawn.
              onAction: () => startTransition(() => setAdjusting(true)),
            },
          })}
      secondaryActions={links}
    >
      <BlockStack gap="400">
        <Done done={done} />
        {isErased && (
          <Banner tone="info">
            <p>{t('customer.erasedBanner')}</p>
          </Banner>
        )}
        <Facts customer={customer} isErased={isErased} />
        <Standing {...data} isErased={isErased} />
        {!isErased && <ScoreCard {...score} />}
        <RedemptionsCard redemptions={redemptions} />
        <Ledger
          entries={entries}
          onUndo={(entry) => startTransition(() => setUndoing(entry))}
          canUndo={!isErased}
        />
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

type Finished = CustomerAction & { ok: true };

function Done({ done }: { done: Finished | undefined }) {
  const { t } = useTranslation();
  const { points, signed } = useFormat();
  return (
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
  );
}

/** What the customer has, and where it comes from. */
function Standing({
  balance,
  expiry,
  tier,
  lines,
  isConsistent,
  referrals,
  isErased,
}: Pick<CustomerData, 'balance' | 'expiry' | 'tier' | 'lines' | 'isConsistent' | 'referrals'> & {
  isErased: boolean;
}) {
  return (
    <Layout>
      <Layout.Section variant="oneThird">
        <BlockStack gap="400">
          <BalanceCard balance={balance} />
          <ExpiryCard {...expiry} />
          {!isErased && <TierCard {...tier} />}
          {!isErased && <ReferralsCard {...referrals} />}
        </BlockStack>
      </Layout.Section>
      <Layout.Section>
        <BalanceLines
          lines={lines}
          total={balance?.balance ?? 0}
          isConsistent={isConsistent}
          pending={balance?.pending ?? []}
        />
      </Layout.Section>
    </Layout>
  );
}

/** Where more is said of the customer: here, and in Shopify's own admin. */
function useLinks({ customerId, shopifyCustomerId }: CustomerData['customer'], isErased: boolean) {
  const { t } = useTranslation();
  const { shopDomain } = useShop();
  const allActivity = {
    content: t('customer.allActivity'),
    url: `/app/activity?customer=${customerId}`,
  };
  if (shopifyCustomerId === '' || isErased) return [allActivity];
  const inShopify = {
    content: t('customer.inShopify'),
    url: shopifyAdminUrl(shopDomain, `customers/${shopifyCustomerId}`),
    target: '_top' as const,
  };
  return [allActivity, inShopify];
}

function Facts({ customer, isErased }: Pick<CustomerData, 'customer'> & { isErased: boolean }) {
  const { t } = useTranslation();
  const { number, money, date } = useFormat();
  return (
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
  );
}
