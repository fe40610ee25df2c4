import { Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { ShopHealth } from '#proto/admin/v1/health.ts';
import { SHOP_ACCESS } from '#vocabulary/health.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { useFormat } from '../../dashboard/shop.ts';

interface Part {
  health: ShopHealth;
}

export function PointsCard({ health: { points } }: Part) {
  const { t } = useTranslation();
  const { number, duration } = useFormat();
  const measured = points?.measured ?? 0;
  const time = (milliseconds = 0) => (measured === 0 ? '—' : duration(milliseconds));
  return (
    <FactsCard
      title={t('status.points.title')}
      help={t('status.points.help')}
      facts={[
        [t('status.points.median'), time(points?.medianMilliseconds)],
        [t('status.points.worst'), time(points?.worstMilliseconds)],
        [t('status.points.measured'), number(measured)],
        [t('status.points.waiting'), number(points?.waiting ?? 0)],
        ...whenKnown(t('status.points.waitingSince'), points?.waitingSince),
      ]}
    />
  );
}

export function MessagesCard({ health: { deliveries } }: Part) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <FactsCard
      title={t('status.messages.title')}
      help={t('status.messages.help')}
      facts={[
        [t('status.messages.received'), number(deliveries?.received ?? 0)],
        [t('status.messages.failed'), number(deliveries?.failed ?? 0)],
        [t('status.messages.refused'), number(deliveries?.refused ?? 0)],
        [t('status.messages.last'), <Last key="last" at={deliveries?.lastReceivedAt} />],
      ]}
    />
  );
}

export function ReadingCard({ health: { reconcile } }: Part) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <FactsCard
      title={t('status.reading.title')}
      help={t('status.reading.help')}
      facts={[
        [t('status.last'), <Last key="last" at={reconcile?.at} />],
        ...whenKnown(t('status.reading.failedAt'), reconcile?.failedAt),
        ...onceSeen(reconcile?.at, [
          [t('status.reading.read'), number(reconcile?.ordersRead ?? 0)],
          [t('status.reading.drifted'), number(reconcile?.ordersDrifted ?? 0)],
          [t('status.reading.setAside'), number(reconcile?.ordersSetAside ?? 0)],
        ]),
      ]}
    />
  );
}

export function BalancesCard({ health: { ledger } }: Part) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <FactsCard
      title={t('status.balances.title')}
      help={t('status.balances.help')}
      facts={[
        [t('status.last'), <Last key="last" at={ledger?.at} />],
        ...onceSeen(ledger?.at, [
          [t('status.balances.checked'), number(ledger?.balancesChecked ?? 0)],
          [t('status.balances.broken'), number(ledger?.balancesBroken ?? 0)],
        ]),
      ]}
    />
  );
}

export function ScoresCard({ health: { scoredAt } }: Part) {
  const { t } = useTranslation();
  return (
    <FactsCard
      title={t('status.scores.title')}
      help={t('status.scores.help')}
      facts={[[t('status.last'), <Last key="last" at={scoredAt} />]]}
    />
  );
}

export function AccessCard({ health: { access } }: Part) {
  const { t } = useTranslation();
  const state = SHOP_ACCESS.find((known) => known === access?.access);
  const missing = (names: readonly string[] = []) =>
    names.length === 0 ? t('status.access.complete') : names.join(', ');
  return (
    <FactsCard
      title={t('status.access.title')}
      help={t('status.access.help')}
      facts={[
        [t('status.last'), <Last key="last" at={access?.at} />],
        [t('status.access.state'), t(`status.access.states.${state ?? 'unknown'}`)],
        [t('status.access.scopes'), missing(access?.missingScopes)],
        ...onceSeen(access?.at, [[t('status.access.topics'), missing(access?.missingTopics)]]),
      ]}
    />
  );
}

type Fact = readonly [name: string, value: ReactNode];

const whenKnown = (name: string, at = ''): Fact[] =>
  at === '' ? [] : [[name, <Moment key={name} at={at} />]];

/** Zeros of a visit that was not made would say that nothing was found. */
const onceSeen = (at = '', facts: readonly Fact[]): readonly Fact[] => (at === '' ? [] : facts);

function Last({ at = '' }: { at?: string | undefined }) {
  const { t } = useTranslation();
  return at === '' ? t('status.never') : <Moment at={at} />;
}

function FactsCard({
  title,
  help,
  facts,
}: {
  title: string;
  help: string;
  facts: readonly Fact[];
}) {
  return (
    <SectionCard title={title}>
      <Text as="p" tone="subdued">
        {help}
      </Text>
      <dl className="ln-terms">
        {facts.map(([name, value]) => (
          <div key={name} className="ln-term">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </SectionCard>
  );
}
