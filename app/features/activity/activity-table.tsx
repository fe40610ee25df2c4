import { Badge, BlockStack, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { LogEntry } from '#proto/admin/v1/admin.ts';
import type { Redemption } from '#proto/points/v1/rewards.ts';
import { useExplain } from '../../dashboard/explain.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { PointsChange } from '../../dashboard/points-change.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { rewardTitle } from '../../explanations/reward-title.ts';
import { changeName, changeUrl } from './change-line.ts';
import { LOG_SOURCES } from '#vocabulary/activity.ts';
import { REDEMPTION_STATUSES } from '#vocabulary/rewards.ts';
import { TIER_CHANGE_REASONS } from '#vocabulary/tiers.ts';

const states = ['returning', 'used', ...REDEMPTION_STATUSES] as const;

export function ActivityTable({ logs }: { logs: readonly LogEntry[] }) {
  const { t } = useTranslation();
  return (
    <RecordTable
      caption={t('activity.caption')}
      rows={logs}
      rowKey={(log) => log.logId}
      columns={[
        {
          key: 'when',
          title: t('activity.when'),
          cell: (log) => <Moment at={log.createdAt} />,
        },
        {
          key: 'what',
          title: t('activity.what'),
          heading: true,
          cell: (log) => <What log={log} />,
        },
        {
          key: 'kind',
          title: t('activity.kind'),
          cell: (log) => (
            <span>
              <Badge>
                {t(`activity.badges.${LOG_SOURCES.find((kind) => kind === log.kind) ?? 'change'}`)}
              </Badge>
            </span>
          ),
        },
        {
          key: 'customer',
          title: t('activity.who'),
          cell: (log) =>
            log.customerId === '' ? (
              '—'
            ) : (
              <Link url={`/app/customers/${log.customerId}`} removeUnderline>
                {log.customerName || t('activity.nameless')}
              </Link>
            ),
        },
        {
          key: 'points',
          title: t('customer.ledger.points'),
          numeric: true,
          cell: (log) => {
            const points = pointsOf(log);
            return points === 0 ? '—' : <PointsChange points={points} />;
          },
        },
      ]}
    />
  );
}

/** The line's change of points; empty for a redemption that failed. */
function pointsOf({ entry, redemption }: LogEntry): number {
  if (entry !== undefined) return entry.points;
  const isPaidFor = redemption !== undefined && redemption.status !== 'failed';
  return isPaidFor ? -redemption.pointsSpent : 0;
}

function What({ log }: { log: LogEntry }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const explain = useExplain();
  const { entry, redemption, tierChange } = log;
  const by = log.actor.startsWith('staff:')
    ? t('customer.ledger.staff')
    : log.actor.startsWith('admin:')
      ? t('customer.ledger.support')
      : '';
  const tierName = (names: Readonly<Record<string, string>>) =>
    wordsIn(names, language) || t('customer.tier.none');
  const text = () => {
    if (entry !== undefined) return explain(entry);
    if (redemption !== undefined) return <RedemptionLine redemption={redemption} />;
    if (tierChange !== undefined) {
      const { fromNames, toNames, reason } = tierChange;
      const change = { from: tierName(fromNames), to: tierName(toNames) };
      const why = t(
        `customer.tier.reasons.${TIER_CHANGE_REASONS.find((one) => one === reason) ?? 'reached'}`,
      );
      return `${t('customer.tier.changed', change)} ${why}`;
    }
    return <ChangeLine log={log} />;
  };
  return (
    <BlockStack gap="100">
      <Text as="span">{text()}</Text>
      {by !== '' && (
        <Text as="span" tone="subdued" variant="bodySm">
          {t('customer.ledger.by', { actor: by })}
        </Text>
      )}
    </BlockStack>
  );
}

function RedemptionLine({ redemption }: { redemption: Redemption }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { kind, value, percent, gift, status, returning, usedAt, usedOrderName } = redemption;
  const worth = value ?? (percent === '' ? undefined : { percent });
  // Free shipping of a tier has no words of the shop's own.
  const title = wordsIn(redemption.title, language) || rewardTitle(kind, worth, language);
  const key = gift === '' ? 'rewards' : 'gifts';
  const isUsed = status === 'completed' && usedAt !== '';
  if (isUsed && usedOrderName !== '')
    return t(`activity.${key}.usedOn`, { title, order: usedOrderName });
  const state = returning ? 'returning' : isUsed ? 'used' : status;
  return t(`activity.${key}.${states.find((known) => known === state) ?? 'pending'}`, { title });
}

function ChangeLine({ log }: { log: LogEntry }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const text = t(`activity.changes.${changeName(log.action)}`);
  const name = wordsIn(log.targetNames, language);
  const url = changeUrl(log);
  const line = name === '' ? text : t('activity.named', { text, name });
  return url === '' ? (
    line
  ) : (
    <Link url={url} removeUnderline monochrome>
      {line}
    </Link>
  );
}
