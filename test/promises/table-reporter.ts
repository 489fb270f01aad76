import type { Reporter, TestCase } from 'vitest/node';
import type { PromiseLine } from './promise.ts';
import { ROWS, type RowId } from './rows.ts';

/** Prints one table of all rows that ran: id, what was tried, the pass figure, the measured one, the seed. */
export default class PromiseTable implements Reporter {
  readonly #lines: PromiseLine[] = [];
  readonly #without: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const line = test.meta().promise;
    if (line) {
      this.#lines.push(line);
      // A long run takes more than an hour: what it has found is not lost with it.
      if (process.env['PROMISE_SIZE'] === 'long') console.log(rowOf(line));
    } else if (test.result().state === 'failed') this.#without.push(test.fullName);
  }

  onTestRunEnd(): void {
    const ids = Object.keys(ROWS);
    this.#lines.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    console.log('\n| row | risk: part | tried | pass figure | measured | kept | seed | s |\n|---|---|---|---|---|---|---|---|');
    for (const line of this.#lines) console.log(rowOf(line));
    const wanted = process.env['PROMISE_ROWS']?.split(',') ?? [];
    for (const id of wanted.filter((each) => !this.#lines.some((line) => line.id === each))) {
      console.log(`| ${id} | - | nothing was measured | - | - | NO | - | - |`);
    }
    for (const name of this.#without) console.log(`| - | ${name} | - | - | ended with an error | no | - | - |`);
  }
}

function rowOf({ id, part, tried, measured, isKept, seed, seconds }: PromiseLine): string {
  const row: { risk: string; pass: string } = ROWS[id satisfies RowId];
  return `| ${id} | ${row.risk}: ${part} | ${tried} | ${row.pass} | ${measured} | ${isKept ? 'yes' : 'NO'} | ${seed} | ${seconds.toFixed(0)} |`;
}
