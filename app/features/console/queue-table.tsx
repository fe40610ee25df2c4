import type { ReactNode } from 'react';
import { Scrolling, useWords } from './parts.tsx';
import type { QueueFigures } from './queues.server.ts';

interface QueueTableProps {
  figures: readonly QueueFigures[];
  nameOf: (figures: QueueFigures) => ReactNode;
}

export function QueueTable({ figures, nameOf }: QueueTableProps) {
  const { t, number } = useWords();
  const columns = ['waiting', 'delayed', 'active', 'failed'] as const;
  return (
    <Scrolling label={t('home.queues')}>
      <table className="c-table">
        <thead>
          <tr>
            <th scope="col">{t('queues.queue')}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`queues.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map((each) => (
            <tr key={each.queue}>
              <th scope="row">{nameOf(each)}</th>
              {columns.map((column) => (
                <td key={column}>{number(each[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
