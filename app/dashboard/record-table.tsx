import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Numbers are right-aligned, the rest left. */
  readonly numeric?: boolean;
  /** Carries the row: its heading in the table, the title of its card on a phone. */
  readonly heading?: boolean;
  /** The title is for screen readers alone (a column of buttons or boxes). */
  readonly hideTitle?: boolean;
  readonly titleContent?: ReactNode;
  readonly cell: (row: Row) => ReactNode;
}

interface RecordTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Shown below the row, across all columns; null for none. */
  rowDetail?: (row: Row) => ReactNode;
  footer?: ReactNode;
}

/**
 * A table that becomes a list of cards below 490 px by style alone: the same markup on server, phone and desktop, so
 * nothing jumps. The roles are spelled out because browsers drop a table's meaning when its display changes.
 */
export function RecordTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowDetail,
  footer,
}: RecordTableProps<Row>) {
  return (
    <table className="ln-table" role="table">
      <caption className="ln-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th
              key={column.key}
              role="columnheader"
              scope="col"
              className={column.numeric ? 'ln-number' : undefined}
            >
              {column.titleContent ??
                (column.hideTitle ? (
                  <span className="ln-hidden">{column.title}</span>
                ) : (
                  column.title
                ))}
            </th>
          ))}
        </tr>
      </thead>
      {rows.map((row) => {
        const detail = rowDetail?.(row);
        return (
          <tbody key={rowKey(row)} role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
            {detail !== null && detail !== undefined && (
              <tr role="row" className="ln-detail">
                <td role="cell" colSpan={columns.length}>
                  {detail}
                </td>
              </tr>
            )}
          </tbody>
        );
      })}
      {footer}
    </table>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const className = [
    column.numeric && 'ln-number',
    column.heading && 'ln-heading',
    column.hideTitle && 'ln-bare',
  ]
    .filter(Boolean)
    .join(' ');
  const props = {
    className: className || undefined,
    'data-label': column.hideTitle ? undefined : column.title,
  };
  return column.heading ? (
    <th role="rowheader" scope="row" {...props}>
      {column.cell(row)}
    </th>
  ) : (
    <td role="cell" {...props}>
      {column.cell(row)}
    </td>
  );
}
