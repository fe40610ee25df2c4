import type { ReactNode } from 'react';
import { Table, useWords } from './parts.tsx';
import type { QueueFigures } from './queues.server.ts';

interface QueueTableProps {
  figures: readonly QueueFigures[];
  nameOf: (figures: QueueFigures) => ReactNode;
}

export function QueueTable({ figures, nameOf }: QueueTableProps) {
  const { t, number } = useWords();
  const columns = ['waiting', 'delayed', 'active', 'failed'] as const;
  return (
    <Table
      label={t('home.queues')}
      columns={[t('queues.queue'), ...columns.map((column) => t(`queues.${column}`))]}
    >
      {figures.map((each) => (
        <tr key={each.queue}>
          <th scope="row">{nameOf(each)}</th>
          {columns.map((column) => (
            <td key={column}>{number(each[column])}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
