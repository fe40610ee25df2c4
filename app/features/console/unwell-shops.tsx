import { Link } from '@remix-run/react';
import type { ListUnwellShopsResponse } from '#proto/admin/v1/health.ts';
import { HEALTH_PROBLEMS } from '#vocabulary/health.ts';
import { Table, useWords } from './parts.tsx';

/** Shops that something is wrong with, worst first, with what each is told on its own status page. */
export function UnwellShops({ shops, more }: ListUnwellShopsResponse) {
  const { t, number, time } = useWords();
  return (
    <section className="c-card space-y-3">
      <h2 className="text-lg font-semibold">{t('unwell.title')}</h2>
      {shops.length === 0 ? (
        <p>{t('unwell.none')}</p>
      ) : (
        <Table
          label={t('unwell.title')}
          columns={(['shop', 'problems', 'failed', 'waiting', 'reconciled'] as const).map(
            (column) => t(`unwell.${column}`),
          )}
        >
          {shops.map((shop) => (
            <tr key={shop.shopDomain}>
              <th scope="row">
                <Link
                  to={`/console/deliveries?shop=${encodeURIComponent(shop.shopDomain)}`}
                  className="underline"
                >
                  {shop.shopDomain}
                </Link>
              </th>
              <td>
                {HEALTH_PROBLEMS.filter((problem) => shop.problems.includes(problem))
                  .map((problem) => t(`unwell.each.${problem}`))
                  .join(', ')}
              </td>
              <td>{number(shop.deliveriesFailed)}</td>
              <td>
                {number(shop.ordersWaiting)}
                {shop.ordersWaitingSince !== '' &&
                  ` · ${t('home.since', { time: time(shop.ordersWaitingSince) })}`}
              </td>
              <td>{time(shop.reconciledAt)}</td>
            </tr>
          ))}
        </Table>
      )}
      {more && <p>{t('unwell.more', { number: number(shops.length) })}</p>}
    </section>
  );
}
