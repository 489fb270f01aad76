export interface BenchOptions {
  /** Null: as many as the bench thinks right. */
  orders: number | null;
  say: (line: string) => void;
}

export interface BenchOutcome {
  /** Ours by the rival's. */
  ratio: number;
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
