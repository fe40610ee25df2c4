import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { Balance } from '#proto/points/v1/points.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** The member's available points, and why they differ from the balance. */
export function BalanceCard({ balance }: { balance: Balance | undefined }) {
  const { t } = useTranslation();
  const { number, points, date } = useFormat();
  const {
    available = 0,
    balance: total = 0,
    held = 0,
    debt = 0,
    expiringPoints = 0,
    expiringAt = '',
    pendingPoints = 0,
    pending = [],
  } = balance ?? {};
  const isPlain = held === 0 && debt === 0 && total === available;
  return (
    <SectionCard title={t('customer.balance.title')}>
      <dl className="ln-figures">
        <div className="ln-figure">
          <dt>{t('customer.balance.available')}</dt>
          <dd className="ln-value">{points(available)}</dd>
          <dd className="ln-note" suppressHydrationWarning>
            {expiringPoints > 0 && expiringAt !== ''
              ? t('customer.balance.expiring', {
                  points: points(expiringPoints),
                  date: date(expiringAt),
                })
              : t('customer.balance.noExpiry')}
          </dd>
        </div>
        {!isPlain && (
          <div className="ln-figure">
            <dt>{t('customer.balance.total')}</dt>
            <dd className="ln-value">{number(total)}</dd>
          </div>
        )}
        {held > 0 && (
          <div className="ln-figure">
            <dt>{t('customer.balance.held')}</dt>
            <dd className="ln-value">{number(held)}</dd>
            <dd className="ln-note">{t('customer.balance.heldNote')}</dd>
          </div>
        )}
        {pendingPoints > 0 && (
          <div className="ln-figure">
            <dt>{t('customer.balance.pending')}</dt>
            <dd className="ln-value">{number(pendingPoints)}</dd>
            {pending.slice(0, 1).map((next) => (
              <dd className="ln-note" key={next.orderId} suppressHydrationWarning>
                {t('customer.balance.pendingNote', {
                  points: points(next.points),
                  date: date(next.countsAt),
                })}
              </dd>
            ))}
          </div>
        )}
        {debt > 0 && (
          <div className="ln-figure">
            <dt>{t('customer.balance.debt')}</dt>
            <dd className="ln-value">{number(debt)}</dd>
            <dd className="ln-note">{t('customer.balance.debtNote')}</dd>
          </div>
        )}
      </dl>
    </SectionCard>
  );
}
