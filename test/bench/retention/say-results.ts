import { formatSeconds, sayTable } from '../bench.ts';
import type { Claim } from '../bench.ts';
import type { RefreshResult } from './measure-refresh.ts';
import type { SetsResult } from './measure-sets.ts';

export interface SizeResult {
  size: number;
  loads: { ours: number; duckDb: number; postgres: number | null };
  sets: SetsResult;
  refresh: RefreshResult | null;
  /** Bytes. */
  memory: { columns: number; rows: number; process: number; duckDb: number };
}

type Say = (line: string) => void;

const [DUCKDB_RATIO, SQL_RATIO, DRILL_RATIO] = [10, 100, 10];
const REFRESH_SHARE = 0.01;
const BYTES_AN_ORDER = 32;
/** Smaller stores are answered in milliseconds by anybody: nothing is claimed of them but memory. */
const CLAIMS_FROM = 1_000_000;
const DRILL_CLAIM_FROM = 10_000_000;

export function saySize({ size, loads, sets, refresh, memory }: SizeResult, say: Say): void {
  const { ours, duckDb, prepared, postgres } = sets;
  const cells = (rival: number | undefined, mine: number) =>
    rival === undefined ? ['-', ''] : [formatSeconds(rival), `${(rival / mine).toFixed(1)} x`];
  sayTable(
    [
      ['', 'ours', 'DuckDB', '', 'PostgreSQL', '', 'DuckDB, prepared', ''],
      ['cold load', formatSeconds(loads.ours), formatSeconds(loads.duckDb), '', loads.postgres === null ? '-' : formatSeconds(loads.postgres), '', '', ''],
      ...(['set', 'drill'] as const).map((kind) => [
        kind === 'set' ? 'standard set' : 'drill-down',
        formatSeconds(ours[kind]),
        ...[duckDb, postgres, prepared].flatMap((rival) => cells(rival?.[kind], ours[kind])),
      ]),
    ],
    say,
  );
  const source = refresh === null ? 'from rows in memory' : "by COPY out of the app's tables";
  say(`cold load: ours ${source}, theirs from a CSV file of the same orders, sorted and indexed`);
  say(`${sets.numbersCompared.toLocaleString('en')} numbers compared, all the same`);
  if (refresh) sayRefresh(refresh, say);
  say(
    `memory: columns ${(memory.columns / size).toFixed(1)} bytes an order, with the rows of customers ${((memory.columns + memory.rows) / size).toFixed(1)}, DuckDB's table ${(memory.duckDb / size).toFixed(1)}; ` +
      `this process ${Math.round(memory.process / 2 ** 20)} MB after loading the columns`,
  );
}

function sayRefresh({ fullLoad, cold, warm }: RefreshResult, say: Say): void {
  const costOf = (seconds: number) => `${formatSeconds(seconds)} (${percent(seconds / fullLoad)})`;
  say(`after 1,000 changes: ${costOf(cold)} the first time, ${costOf(warm)} later, of a full load in ${formatSeconds(fullLoad)}`);
}

/** What an order costs: the same at every size, if cost grows with the orders and no faster. */
export function sayLinearity(results: readonly SizeResult[], say: Say): void {
  const nanoseconds = (seconds: number | undefined, size: number) => (seconds === undefined ? '-' : `${((seconds / size) * 1e9).toFixed(0)} ns`);
  sayTable(
    [
      ['an order costs', 'our load', 'our set', 'our drill-down', 'DuckDB set', 'PostgreSQL set'],
      ...results.map(({ size, loads, sets }) => [
        `at ${size.toLocaleString('en')}`,
        ...[loads.ours, sets.ours.set, sets.ours.drill, sets.duckDb.set, sets.postgres?.set].map((seconds) => nanoseconds(seconds, size)),
      ]),
    ],
    say,
  );
}

export function claimsOf({ size, sets, refresh, memory }: SizeResult): Claim[] {
  const { ours, duckDb, postgres } = sets;
  const at = `at ${size.toLocaleString('en')} orders`;
  const claims: Claim[] = [];
  const claimRatio = (what: string, { of, to }: { of: number; to: number }) => {
    claims.push({ text: `${what} ${at}: ${of.toFixed(1)} times, at least ${to}`, isKept: of >= to });
  };
  if (size >= CLAIMS_FROM) {
    claimRatio('standard set against DuckDB', { of: duckDb.set / ours.set, to: DUCKDB_RATIO });
    if (postgres) claimRatio('standard set against PostgreSQL', { of: postgres.set / ours.set, to: SQL_RATIO });
  }
  if (size >= CLAIMS_FROM && refresh) {
    const { fullLoad, cold, warm } = refresh;
    const share = warm / fullLoad;
    const text = `refresh after 1,000 changes ${at}: ${percent(share)} of a full load, under ${percent(REFRESH_SHARE)}; the first time ${percent(cold / fullLoad)}`;
    claims.push({ text, isKept: share < REFRESH_SHARE });
  }
  if (size >= DRILL_CLAIM_FROM) claimRatio('drill-down against DuckDB', { of: duckDb.drill / ours.drill, to: DRILL_RATIO });
  const bytes = (memory.columns + memory.rows) / size;
  claims.push({ text: `memory ${at}, rows of customers included: ${bytes.toFixed(1)} bytes an order, under ${BYTES_AN_ORDER}`, isKept: bytes < BYTES_AN_ORDER });
  return claims;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
