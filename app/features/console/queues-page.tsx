import { Link } from '@remix-run/react';
import { Confirmed, ConsoleForm, Notice, RefusalNotice, Table, useWords } from './parts.tsx';
import { QueueTable } from './queue-table.tsx';
import type { QueueFigures } from './queues.server.ts';

interface QueuesPageProps {
  csrf: string;
  queue: string;
  figures: readonly QueueFigures[];
  jobs: readonly { id: string; name: string; reason: string; failedAt: string }[];
  done: { act: string; number: number } | undefined;
}

export function QueuesPage({ csrf, queue, figures, jobs, done }: QueuesPageProps) {
  const { t, number } = useWords();
  return (
    <>
      <h1 className="text-2xl font-bold">{t('queues.title')}</h1>
      <RefusalNotice />
      {done === undefined ? null : (
        <Notice tone="good">
          {t(done.act === 'retry' ? 'queues.retried' : 'queues.discarded', {
            number: number(done.number),
          })}
        </Notice>
      )}
      <section className="c-card">
        <QueueTable
          figures={figures}
          nameOf={({ queue: name }) => (
            <Link
              to={`?queue=${name}`}
              className="underline"
              aria-current={name === queue ? 'true' : undefined}
            >
              {name}
            </Link>
          )}
        />
      </section>
      <section className="c-card space-y-4">
        <h2 className="text-lg font-semibold">{t('queues.failedIn', { queue })}</h2>
        {jobs.length === 0 ? (
          <p>{t('queues.none')}</p>
        ) : (
          <>
            <div className="flex flex-wrap gap-3">
              <Confirmed summary={t('queues.retryAll')} question={t('queues.retryAllSure')}>
                <ConsoleForm
                  csrf={csrf}
                  values={{ queue, act: 'retry' }}
                  submit={t('queues.confirm')}
                />
              </Confirmed>
              <Confirmed summary={t('queues.discardAll')} question={t('queues.discardSure')}>
                <ConsoleForm
                  csrf={csrf}
                  values={{ queue, act: 'discard' }}
                  submit={t('queues.confirm')}
                />
              </Confirmed>
            </div>
            <FailedJobs {...{ csrf, queue, jobs }} />
          </>
        )}
      </section>
    </>
  );
}

function FailedJobs({ csrf, queue, jobs }: Pick<QueuesPageProps, 'csrf' | 'queue' | 'jobs'>) {
  const { t, time } = useWords();
  return (
    <Table
      label={t('queues.failedIn', { queue })}
      columns={[t('queues.job'), t('queues.when'), t('queues.reason'), t('queues.actions')]}
    >
      {jobs.map(({ id, name, reason, failedAt }) => (
        <tr key={id}>
          <th scope="row">
            {name}
            <span className="block font-mono text-xs font-normal break-all">{id}</span>
          </th>
          <td>{time(failedAt)}</td>
          <td>{reason}</td>
          <td className="space-y-2">
            <ConsoleForm
              csrf={csrf}
              values={{ queue, act: 'retry', job: id }}
              submit={t('queues.retry')}
              label={t('queues.retryJob', { job: `${name} ${id}` })}
              quiet
            />
            <Confirmed
              summary={t('queues.discard')}
              label={t('queues.discardJob', { job: `${name} ${id}` })}
              question={t('queues.discardSure')}
            >
              <ConsoleForm
                csrf={csrf}
                values={{ queue, act: 'discard', job: id }}
                submit={t('queues.confirm')}
              />
            </Confirmed>
          </td>
        </tr>
      ))}
    </Table>
  );
}
