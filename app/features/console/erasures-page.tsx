import { Link } from '@remix-run/react';
import type { ShopErasure } from '#proto/admin/v1/erasure.ts';
import { Confirmed, ConsoleForm, Field, Notice, RefusalNotice, Table, useWords } from './parts.tsx';
import { ERASURE_END_REASONS, SHOP_ERASURE_STATUSES } from '#vocabulary/privacy.ts';

interface ErasuresPageProps {
  csrf: string;
  erasures: readonly ShopErasure[];
  nextCursor: string;
  mayStop: boolean;
  isSaved: boolean;
}

export function ErasuresPage(props: ErasuresPageProps) {
  const { csrf, erasures, nextCursor, mayStop, isSaved } = props;
  const { t } = useWords();
  return (
    <>
      <h1 className="text-2xl font-bold">{t('erasures.title')}</h1>
      <RefusalNotice />
      {isSaved ? <Notice tone="good">{t('erasures.saved')}</Notice> : null}
      <section className="c-card space-y-4">
        <p>{t('erasures.help')}</p>
        {erasures.length === 0 ? (
          <p>{t('erasures.none')}</p>
        ) : (
          <ErasureTable csrf={csrf} erasures={erasures} mayStop={mayStop} />
        )}
        {nextCursor === '' ? null : (
          <Link
            to={`?${new URLSearchParams({ cursor: nextCursor }).toString()}`}
            className="c-quiet"
          >
            {t('erasures.next')}
          </Link>
        )}
      </section>
    </>
  );
}

function ErasureTable({
  csrf,
  erasures,
  mayStop,
}: Pick<ErasuresPageProps, 'csrf' | 'erasures' | 'mayStop'>) {
  const { t, time } = useWords();
  return (
    <Table
      label={t('erasures.title')}
      columns={[
        t('erasures.shop'),
        t('erasures.status'),
        t('erasures.requested'),
        t('erasures.due'),
        t('erasures.deadline'),
        t('erasures.reason'),
      ]}
    >
      {erasures.map((erasure) => (
        <tr key={erasure.erasureId}>
          <th scope="row">{erasure.shopDomain || erasure.merchantId}</th>
          <td>
            <Status erasure={erasure} />
            {mayStop ? <Actions csrf={csrf} erasure={erasure} /> : null}
          </td>
          <td>{time(erasure.requestedAt)}</td>
          <td>{time(erasure.dueAt)}</td>
          <td>{time(erasure.deadlineAt)}</td>
          <td>
            <Reason reason={erasure.reason} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Status({ erasure }: { erasure: ShopErasure }) {
  const { t } = useWords();
  const status = SHOP_ERASURE_STATUSES.find((known) => known === erasure.status);
  return (
    <p>
      {status === undefined ? erasure.status : t(`erasures.${status}`)}
      {erasure.isLate ? <strong className="block text-red-900">{t('erasures.late')}</strong> : null}
    </p>
  );
}

function Reason({ reason }: { reason: string }) {
  const { t } = useWords();
  const own = ERASURE_END_REASONS.find((known) => known === reason);
  return own === undefined ? reason : t(`erasures.${own}`);
}

function Actions({ csrf, erasure }: { csrf: string; erasure: ShopErasure }) {
  const { t } = useWords();
  const { erasureId: id, shopDomain: shop } = erasure;
  if (erasure.status === 'waiting')
    return (
      <ConsoleForm
        csrf={csrf}
        values={{ intent: 'stop', id }}
        submit={t('erasures.stop')}
        label={t('erasures.stopOf', { shop })}
        quiet
      >
        <Field label={t('erasures.reason')} name="reason" minLength={3} maxLength={300} />
      </ConsoleForm>
    );
  if (erasure.status === 'stopped')
    return (
      <Confirmed
        summary={t('erasures.resume')}
        label={t('erasures.resumeOf', { shop })}
        question={t('erasures.resumeSure')}
      >
        <ConsoleForm csrf={csrf} values={{ intent: 'resume', id }} submit={t('erasures.confirm')} />
      </Confirmed>
    );
  return null;
}
