import { cpus } from 'node:os';

export interface BenchOptions {
  /** Null: as many as the bench thinks right. */
  orders: number | null;
  /** The largest size as well, which takes many minutes and gigabytes. */
  isFull: boolean;
  /** Without PostgreSQL: what is claimed against it is then left open. */
  isWithoutSql: boolean;
  say: (line: string) => void;
}

export interface BenchOutcome {
  /** Ours by the rival's; null where nothing is claimed. */
  ratio: number | null;
  isKept: boolean;
}

export interface Bench {
  name: string;
  rival: string;
  claim: string;
  run: (options: BenchOptions) => Promise<BenchOutcome>;
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export interface Timed<T> {
  seconds: number;
  value: T;
}

export async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const startedAt = performance.now();
  const value = await work();
  return { seconds: (performance.now() - startedAt) / 1000, value };
}

/** 1.23 s, 45.6 ms. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 10) return `${seconds.toFixed(1)} s`;
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return `${(seconds * 1000).toFixed(seconds >= 0.1 ? 0 : seconds >= 0.01 ? 1 : 2)} ms`;
}

/** How many processors are at work while we do nothing: of a busy machine the ratios tell less. */
export async function busyProcessors(): Promise<number> {
  const idleMs = () => cpus().reduce((sum, { times }) => sum + times.idle, 0);
  const [startedAt, idleBefore] = [performance.now(), idleMs()];
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return Math.max(0, cpus().length - (idleMs() - idleBefore) / (performance.now() - startedAt));
}

/** Names line up on the left and numbers on the right. */
export function sayTable(rows: readonly (readonly string[])[], say: (line: string) => void): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
    say(cells.join('  ').trimEnd());
  }
}

export interface Claim {
  text: string;
  isKept: boolean;
}

/** True when all hold. */
export function sayClaims(claims: readonly Claim[], say: (line: string) => void): boolean {
  for (const { text, isKept } of claims) say(`${isKept ? 'holds' : 'DOES NOT HOLD'}: ${text}`);
  return claims.every(({ isKept }) => isKept);
}
