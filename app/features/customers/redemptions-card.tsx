import { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Box, Button, Card, Text } from '@shopify/polaris';
import type { BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Redemption } from '#proto/points/v1/rewards.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { rewardTitle } from '../../explanations/reward-title.ts';
import {
  GIFT_KINDS,
  REDEMPTION_FAILURES,
  REDEMPTION_STATUSES,
  REWARD_KINDS,
  type RedemptionStatus,
  type RewardKind,
} from '#vocabulary/rewards.ts';

type State = RedemptionStatus | 'returning' | 'used' | 'given';
/** Money rewards, whose use Shopify does not report. */
const isMoney: Readonly<Record<RewardKind, boolean>> = {
  amount_off: false,
  percent_off: false,
  free_shipping: false,
  free_product: false,
  coupon: false,
  cashback: true,
  store_credit: true,
  gift_card: true,
};
const tones: Readonly<Record<State, BadgeProps['tone']>> = {
  returning: 'attention',
  used: 'success',
  pending: 'attention',
  completed: 'info',
  given: 'success',
  failed: 'critical',
  returned: 'new',
};
function stateOf({ kind, status, returning, usedAt }: Redemption): State {
  if (returning) return 'returning';
  const known = REWARD_KINDS.find((one) => one === kind);
  if (status === 'completed' && known !== undefined && isMoney[known]) return 'given';
  if (status === 'completed') return usedAt === '' ? 'completed' : 'used';
  return REDEMPTION_STATUSES.find((one) => one === status) ?? 'pending';
}

type Fetcher = ReturnType<typeof useFetcher<{ ok: true } | Refusal>>;

/** The member's redemptions and their status. Renders nothing before the first one. */
export function RedemptionsCard({ redemptions }: { redemptions: readonly Redemption[] }) {
  const { t } = useTranslation();
  const { points } = useFormat();
  const fetcher: Fetcher = useFetcher<{ ok: true } | Refusal>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  if (redemptions.length === 0) return null;
  return (
    <Card padding="0">
      <BlockStack gap="0">
        <Box padding="400">
          <Text as="h2" variant="headingMd">
            {t('customer.redemptions.title')}
          </Text>
        </Box>
        <OutcomeBanner
          answer={result}
          success={result?.ok === true ? t('customer.redemptions.returning') : undefined}
          problem={result?.ok === false ? result.problem : undefined}
        />
        <RecordTable
          caption={t('customer.redemptions.title')}
          rows={redemptions}
          rowKey={({ redemptionId }) => redemptionId}
          columns={[
            {
              key: 'title',
              title: t('customer.redemptions.reward'),
              heading: true,
              cell: (redemption) => <What redemption={redemption} />,
            },
            {
              key: 'points',
              title: t('customer.redemptions.points'),
              numeric: true,
              cell: ({ pointsSpent, gift }) => {
                const given = GIFT_KINDS.find((one) => one === gift);
                return given === undefined
                  ? points(pointsSpent)
                  : t(`customer.redemptions.gifts.${given}`);
              },
            },
            {
              key: 'at',
              title: t('customer.redemptions.at'),
              cell: ({ createdAt }) => <Moment at={createdAt} />,
            },
            {
              key: 'state',
              title: t('customer.redemptions.state'),
              cell: (redemption) => <Outcome redemption={redemption} />,
            },
            {
              key: 'actions',
              title: t('customer.redemptions.actions'),
              hideTitle: true,
              cell: ({ redemptionId, returnable, returning, code }) =>
                returnable && !returning ? (
                  <ReturnButton {...{ redemptionId, code, fetcher }} />
                ) : null,
            },
          ]}
        />
      </BlockStack>
    </Card>
  );
}

function What({ redemption: { title, kind, code } }: { redemption: Redemption }) {
  const { language } = useFormat();
  return (
    <BlockStack gap="100">
      <Text as="span">
        {title[language] ?? title['en'] ?? rewardTitle(kind, undefined, language)}
      </Text>
      {code !== '' && <code>{code}</code>}
    </BlockStack>
  );
}

/** Its status, the order that used it, and why it failed. */
function Outcome({ redemption }: { redemption: Redemption }) {
  const { t } = useTranslation();
  const state = stateOf(redemption);
  const failure = REDEMPTION_FAILURES.find((code) => code === redemption.failureCode);
  return (
    <BlockStack gap="100">
      <span>
        <Badge tone={tones[state]}>{t(`customer.redemptions.states.${state}`)}</Badge>
      </span>
      {redemption.usedOrderName !== '' && (
        <Text as="span" tone="subdued">
          {redemption.usedOrderName}
        </Text>
      )}
      {failure !== undefined && (
        <Text as="span" tone="subdued">
          {t(`customer.redemptions.failures.${failure}`)}
        </Text>
      )}
    </BlockStack>
  );
}

/** Returns an unused code for its points. */
function ReturnButton({
  redemptionId,
  code,
  fetcher,
}: Pick<Redemption, 'redemptionId' | 'code'> & { fetcher: Fetcher }) {
  const { t } = useTranslation();
  return (
    <Button
      disabled={fetcher.state !== 'idle'}
      accessibilityLabel={t('customer.redemptions.returnNamed', { code })}
      onClick={() => fetcher.submit({ intent: 'return', redemptionId }, { method: 'post' })}
    >
      {t('customer.redemptions.return')}
    </Button>
  );
}
