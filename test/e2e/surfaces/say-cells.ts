import { STATES } from './states.ts';
import type { Cell } from './try-cell.ts';

/** Whether a surface did in a state what it should, with nothing in anybody's way. */
export function isSound({ hindrances, overflow, complaints, keyboard, problem }: Cell): boolean {
  return problem === null && hindrances.length + overflow.length + complaints.length + keyboard.missed.length === 0;
}

/** Everything, as Markdown: one small table of surfaces by states, then a line a cell. */
export function sayCells(cells: readonly Cell[], bundle: string): string {
  const surfaces = [...new Set(cells.map(({ surface }) => surface))];
  const find = (surface: string, state: string) => cells.find((cell) => cell.surface === surface && cell.state === state);
  const row = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
  const rule = (columns: number) => `|${'---|'.repeat(columns)}`;
  return [
    `Bundles: ${bundle}`,
    '',
    row(['', ...STATES]),
    rule(STATES.length + 1),
    ...surfaces.map((surface) => row([surface, ...STATES.map((state) => mark(find(surface, state)))])),
    '',
    row(['surface', 'state', 'showed', 'axe', '320 px', 'console', 'keyboard']),
    rule(7),
    ...cells.map(sayCell).map(row),
    '',
  ].join('\n');
}

function mark(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.cannot !== null) return `– ${cell.cannot}`;
  return isSound(cell) ? (cell.shown === '' ? 'away' : 'ok') : 'NO';
}

function sayCell({ surface, state, cannot, shown, hindrances, overflow, complaints, keyboard, problem }: Cell): string[] {
  if (cannot !== null) return [surface, state, `– ${cannot}`, '', '', '', ''];
  const listed = (found: readonly string[]) => (found.length === 0 ? '0' : `${found.length}: ${found.join('; ')}`.replace(/\s+/g, ' ').replaceAll('|', '/'));
  const { controls, missed } = keyboard;
  const reached = `${controls - missed.length} of ${controls}${missed.length === 0 ? '' : `, not ${missed.join(', ')}`}`;
  return [surface, state, problem === null ? shown.replaceAll('|', '/') || 'nothing' : `WRONG: ${problem}`, listed(hindrances), listed(overflow), listed(complaints), reached];
}
