import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { selectByFirstOrder } from '#app/domain/retention/columns/selection.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import { dayOfDate } from '#app/domain/time/calendar-day.ts';
import { medianOf, timed } from '../bench.ts';
import { answersOfReport, requireSameAnswers } from './answers.ts';
import type { Answers } from './answers.ts';
import type { DuckDbRival } from './duckdb-rival.ts';
import { AS_OF, DRILL_COUNTRY } from './generate-orders.ts';
import type { PostgresRival } from './postgres-rival.ts';

/** Median seconds of the standard set, and of it for one country. */
export interface SetSeconds {
  set: number;
  drill: number;
}

export interface SetsResult {
  ours: SetSeconds;
  duckDb: SetSeconds;
  /** DuckDB over a table in which every order knows what came before it: no claim, for information, and twice the memory. */
  prepared: SetSeconds | null;
  postgres: SetSeconds | null;
  numbersCompared: number;
}

interface Contenders {
  columns: OrderColumns;
  duckDb: DuckDbRival;
  postgres: PostgresRival | null;
  isLarge: boolean;
}

type Answer = (country: string | null) => RetentionReport | Promise<Answers>;

const ROUNDS = 7;
const SQL_ROUNDS = 3;
const LARGE_ROUNDS = 3;
const LARGE_SQL_ROUNDS = 1;

export async function measureSets({ columns, duckDb, postgres, isLarge }: Contenders): Promise<SetsResult> {
  if (!isLarge) await duckDb.prepare();
  const rounds = isLarge ? LARGE_ROUNDS : ROUNDS;
  const prepared = isLarge ? null : new Contender('DuckDB, prepared', (country) => duckDb.answerPrepared(country), rounds);
  const sql = postgres && new Contender('PostgreSQL', (country) => postgres.answer(country), isLarge ? LARGE_SQL_ROUNDS : SQL_ROUNDS);
  const ours = new Contender('ours', (country) => reportOf(columns, country), rounds);
  const duck = new Contender('DuckDB', (country) => duckDb.answer(country), rounds);
  const contenders = [ours, duck, prepared, sql].filter((contender) => contender !== null);
  let numbersCompared = 0;
  // The first round warms all up and is not counted, but for one that has a single round.
  for (let round = 0; round <= rounds; round += 1) {
    for (const country of [null, DRILL_COUNTRY]) {
      const expected = answersOfReport(reportOf(columns, country));
      for (const contender of contenders) {
        const answers = await contender.turn(round, country);
        if (answers === null) continue;
        requireSameAnswers(expected, answers, contender.name);
        numbersCompared += answers.size;
      }
    }
  }
  return { ours: ours.medians(), duckDb: duck.medians(), prepared: prepared?.medians() ?? null, postgres: sql?.medians() ?? null, numbersCompared };
}

class Contender {
  readonly name: string;
  readonly #answer: Answer;
  readonly #rounds: number;
  readonly #seconds: { set: number[]; drill: number[] } = { set: [], drill: [] };

  constructor(name: string, answer: Answer, rounds: number) {
    this.name = name;
    this.#answer = answer;
    this.#rounds = rounds;
  }

  /** Null when its rounds are over. */
  async turn(round: number, country: string | null): Promise<Answers | null> {
    if (round > this.#rounds || (round === 0 && this.#rounds === 1)) return null;
    const { seconds, value } = await timed<Answers | RetentionReport>(() => this.#answer(country));
    if (round > 0) this.#seconds[country === null ? 'set' : 'drill'].push(seconds);
    return value instanceof Map ? value : answersOfReport(value);
  }

  medians(): SetSeconds {
    return { set: medianOf(this.#seconds.set), drill: medianOf(this.#seconds.drill) };
  }
}

const [YEAR = NaN, MONTH = NaN, DAY_OF_MONTH = NaN] = AS_OF.split('-').map(Number);
export const AS_OF_DAY = dayOfDate({ year: YEAR, month: MONTH, dayOfMonth: DAY_OF_MONTH });

const NOTHING_EXCLUDED = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };

function reportOf(columns: OrderColumns, country: string | null): RetentionReport {
  const cut = country === null ? {} : { selection: selectByFirstOrder(columns, { dimension: 'country', value: country }) };
  return computeRetentionReport(columns, { asOfDay: AS_OF_DAY, excluded: NOTHING_EXCLUDED, ...cut });
}
