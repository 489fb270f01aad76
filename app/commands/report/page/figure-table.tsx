import type { Cell, Table } from '../sections/report-section.ts';

export function FigureTable({ table: { caption, columns, rows, isMatrix = false } }: { table: Table }) {
  return (
    <>
      {/* Outside of what scrolls: a caption is as wide as its table, and on a phone its end would be out of sight. */}
      <p className="caption">{caption}</p>
      <ScrollingTable table={{ caption, columns, rows, isMatrix }} />
    </>
  );
}

function ScrollingTable({ table: { caption, columns, rows, isMatrix = false } }: { table: Table }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className="scroller" role="region" aria-label={caption} tabIndex={0}>
      <table className={isMatrix ? 'matrix' : undefined} aria-label={caption}>
        <thead>
          <tr>
            {columns.map(({ label, isNumber }, index) => (
              <th key={index} scope="col" className={isNumber ? 'number' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <BodyCell key={column} cell={cell} isFirst={column === 0} isNumber={columns[column]?.isNumber ?? false} />
              ))}
              {row.length < columns.length ? <td colSpan={columns.length - row.length} className="none" /> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BodyCell({ cell, isFirst, isNumber }: { cell: Cell; isFirst: boolean; isNumber: boolean }) {
  const classes = [
    isNumber ? 'number' : null,
    cell.shade === undefined ? null : `shade${cell.shade}`,
    cell.isRunning === true ? 'running' : null,
    cell.isStrong === true ? 'strong' : null,
  ].filter((name) => name !== null);
  const className = classes.length === 0 ? undefined : classes.join(' ');
  if (isFirst) {
    return (
      <th scope="row" className={className}>
        {cell.text}
      </th>
    );
  }
  return <td className={className}>{cell.isRunning === true ? `${cell.text}*` : cell.text}</td>;
}
