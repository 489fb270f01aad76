import type { Cell, Figure, Table } from './sections/report-section.ts';
import type { ToldReport } from './sections/told-report.ts';

const WIDEST_CELL = 46;
const GAP = '  ';
/** Of characters that take two places on a terminal: East Asian scripts and their signs. */
const WIDE = /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/gu;

/** The report for a terminal: the words and tables of the page, without its charts. */
export function writeReportText(told: ToldReport): string {
  const head = [`${told.title} — ${told.asOf}`, told.scope, told.leftOut, ...(told.preset === null ? [] : [told.preset])];
  const short = told.inShort.map((sentence) => `  • ${sentence}`);
  const sections = told.sections.map(({ title, lead, figures }) =>
    [`${title}\n${'='.repeat(widthOf(title))}`, lead, ...figures.map(figureText)].join('\n\n'),
  );
  return [head.join('\n'), ...(short.length === 0 ? [] : [short.join('\n')]), ...sections].join('\n\n');
}

function figureText({ title, table, note }: Figure): string {
  const parts = [title, table.rows.length === 0 ? null : tableText(table), note];
  return parts.filter((part) => part !== null).join('\n');
}

function tableText({ columns, rows }: Table): string {
  const lines = [columns.map(({ label }) => label), ...rows.map((row) => row.map(cellText))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))));
  return lines
    .map((line) => columns.map(({ isNumber }, index) => padded(line[index] ?? '', widths[index] ?? 0, isNumber)).join(GAP).trimEnd())
    .map((line) => `  ${line}`)
    .join('\n');
}

function cellText({ text, isRunning = false }: Cell): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ');
  const short = widthOf(plain) > WIDEST_CELL ? `${plain.slice(0, WIDEST_CELL - 1)}…` : plain;
  return isRunning && short !== '' ? `${short}*` : short;
}

function padded(text: string, width: number, isNumber: boolean): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isNumber ? room + text : text + room;
}

function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}
