import type { ReactNode } from 'react';

import styles from './number-table.module.css';

export interface TableColumn {
  title: string;
  isText?: boolean;
}

export interface TableRow {
  key: string | number;
  name: ReactNode;
  cells: readonly ReactNode[];
}

export interface NumberTableProps {
  caption: string;
  /** Over the names. */
  nameTitle: string;
  columns: readonly TableColumn[];
  rows: readonly TableRow[];
}

/** Names down, numbers across. It scrolls sideways in itself where it has no room; the names stay. */
export function NumberTable({ caption, nameTitle, columns, rows }: NumberTableProps) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className={styles['scroller']} role="region" aria-label={caption} tabIndex={0}>
      <table className={styles['table']}>
        <caption className="Polaris-Text--visuallyHidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={styles['name']}>
              {nameTitle}
            </th>
            {columns.map(({ title, isText }, index) => (
              <th scope="col" key={index} className={isText ? styles['text'] : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, cells }) => (
            <tr key={key}>
              <th scope="row" className={styles['name']}>
                {name}
              </th>
              {cells.map((cell, index) => (
                <td key={index} className={columns[index]?.isText ? styles['text'] : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A second line of a cell, less weighty than the first. */
export function Under({ children }: { children: ReactNode }) {
  return <span className={styles['under']}>{children}</span>;
}
