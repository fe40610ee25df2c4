import { Banner, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from './progress-bar.tsx';
import type { PlanAllowance, PlanUsage } from '#proto/admin/v1/plan.ts';
import type { Plan } from './plan-usage.server.ts';
import { useFormat } from './shop.ts';

/** This month's plan usage, with an upgrade link. Renders nothing while unknown. */
export function PlanUsageCard({ usage, plansUrl }: Plan) {
  const { t } = useTranslation();
  const { day } = useFormat();
  if (usage === undefined) return null;
  const { orders, smsReferrals } = usage;
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('plan.title', { plan: usage.planName })}
          </Text>
          <Text as="p" tone="subdued">
            {t('plan.period', { from: day(usage.firstDay), to: day(usage.lastDay) })}
          </Text>
        </BlockStack>
        <Warning usage={usage} />
        {orders !== undefined && <Allowance name={t('plan.orders')} id="orders" of={orders} />}
        {smsReferrals !== undefined && (
          <Allowance name={t('plan.smsReferrals')} id="sms" of={smsReferrals} />
        )}
        <Offer usage={usage} plansUrl={plansUrl} />
      </BlockStack>
    </Card>
  );
}

function Warning({ usage }: { usage: PlanUsage }) {
  const { t } = useTranslation();
  const standings = [usage.orders?.standing, usage.smsReferrals?.standing];
  const isReached = standings.includes('reached');
  if (!isReached && !standings.includes('near')) return null;
  return (
    <Banner tone="warning">
      <p>{t(isReached ? 'plan.reached' : 'plan.near')}</p>
    </Banner>
  );
}

/** The bar repeats the numbers beside it, which are what screen readers read. */
function Allowance({ name, id, of }: { name: string; id: string; of: PlanAllowance }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const labelId = `plan-${id}`;
  const isLimited = of.limit >= 0;
  const percent = !isLimited ? 0 : of.limit === 0 ? 100 : Math.min(100, (of.used / of.limit) * 100);
  return (
    <BlockStack gap="100">
      <InlineStack align="space-between" gap="200">
        <Text as="span" id={labelId}>
          {name}
        </Text>
        <Text as="span" numeric>
          {isLimited
            ? t('plan.usedOf', { used: number(of.used), limit: number(of.limit) })
            : t('plan.unlimited', { used: number(of.used) })}
        </Text>
      </InlineStack>
      {isLimited && (
        <ProgressBar
          progress={percent}
          tone={of.standing === 'fine' ? 'primary' : 'critical'}
          ariaLabelledBy={labelId}
        />
      )}
    </BlockStack>
  );
}

function Offer({ usage: { next }, plansUrl }: { usage: PlanUsage; plansUrl: string }) {
  const { t } = useTranslation();
  const { number, money } = useFormat();
  return (
    <BlockStack gap="200" inlineAlign="start">
      {next !== undefined && next.ordersLimit >= 0 && (
        <Text as="p" tone="subdued">
          {t('plan.next', {
            plan: next.planName,
            orders: number(next.ordersLimit),
            price: money({ amount: next.price, currency: 'USD' }),
          })}
        </Text>
      )}
      {/* A page of Shopify's: it replaces the window, not our frame. */}
      <Button url={plansUrl} target="_top">
        {t(next === undefined ? 'plan.see' : 'plan.upgrade')}
      </Button>
    </BlockStack>
  );
}
