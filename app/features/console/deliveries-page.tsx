import { Form, Link } from '@remix-run/react';
import type { PlatformDelivery } from '#proto/admin/v1/console.ts';
import { ConsoleForm, Field, Notice, RefusalNotice, Table, useWords } from './parts.tsx';

interface DeliveriesPageProps {
  csrf: string;
  asked: { status: string; topic: string; shop: string };
  deliveries: readonly PlatformDelivery[];
  nextCursor: string;
  mayReplay: boolean;
  replayed: number | undefined;
}

export function DeliveriesPage(props: DeliveriesPageProps) {
  const { csrf, asked, deliveries, nextCursor, mayReplay, replayed } = props;
  const { t, number } = useWords();
  const older = new URLSearchParams({ ...asked, cursor: nextCursor }).toString();
  return (
    <>
      <h1 className="text-2xl font-bold">{t('deliveries.title')}</h1>
      <RefusalNotice />
      {replayed === undefined ? null : (
        <Notice tone="good">{t('deliveries.replayed', { number: number(replayed) })}</Notice>
      )}
      <Form method="get" className="c-card grid grid-cols-1 items-end gap-4 sm:grid-cols-4">
        <Field
          label={t('deliveries.shop')}
          name="shop"
          defaultValue={asked.shop}
          required={false}
        />
        <Field
          label={t('deliveries.topic')}
          name="topic"
          defaultValue={asked.topic}
          required={false}
        />
        <div>
          <label htmlFor="status" className="font-medium">
            {t('deliveries.status')}
          </label>
          <select id="status" name="status" defaultValue={asked.status} className="c-input">
            <option value="">{t('deliveries.both')}</option>
            <option value="failed">{t('deliveries.failed')}</option>
            <option value="refused">{t('deliveries.refused')}</option>
          </select>
        </div>
        <button type="submit" className="c-quiet">
          {t('deliveries.filter')}
        </button>
      </Form>
      <section className="c-card space-y-4">
        {deliveries.length === 0 ? (
          <p>{t('deliveries.none')}</p>
        ) : mayReplay ? (
          <ConsoleForm csrf={csrf} submit={t('deliveries.replay')}>
            <DeliveryTable deliveries={deliveries} mayReplay />
          </ConsoleForm>
        ) : (
          <DeliveryTable deliveries={deliveries} mayReplay={false} />
        )}
        {nextCursor === '' ? null : (
          <Link to={`?${older}`} className="c-quiet">
            {t('deliveries.next')}
          </Link>
        )}
      </section>
    </>
  );
}

function DeliveryTable({
  deliveries,
  mayReplay,
}: Pick<DeliveriesPageProps, 'deliveries' | 'mayReplay'>) {
  const { t, number, time } = useWords();
  return (
    <Table
      label={t('deliveries.title')}
      columns={[
        t('deliveries.topic'),
        t('deliveries.shop'),
        t('deliveries.received'),
        t('deliveries.status'),
        t('deliveries.problem'),
        t('deliveries.attempts'),
      ]}
    >
      {deliveries.map((delivery) => (
        <tr key={delivery.deliveryId}>
          <th scope="row">
            <label className="flex min-h-11 items-center gap-2">
              {mayReplay && delivery.isReplayable ? (
                <input
                  type="checkbox"
                  name="id"
                  value={delivery.deliveryId}
                  className="size-5"
                  aria-label={t('deliveries.choose', {
                    topic: delivery.topic,
                    shop: delivery.shopDomain,
                  })}
                />
              ) : null}
              {delivery.topic}
            </label>
          </th>
          <td>{delivery.shopDomain}</td>
          <td>{time(delivery.receivedAt)}</td>
          <td>{t(delivery.status === 'failed' ? 'deliveries.failed' : 'deliveries.refused')}</td>
          <td>
            {[delivery.problem?.code, delivery.problem?.field, delivery.reason]
              .filter(Boolean)
              .join(' · ')}
            {delivery.isReplayable ? null : <span className="block">{t('deliveries.erased')}</span>}
          </td>
          <td>{number(delivery.attempts)}</td>
        </tr>
      ))}
    </Table>
  );
}
