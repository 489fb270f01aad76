import type { ComparedSimulation, SimulationResult } from '#app/domain/loyalty/accrual/simulate-program.ts';

/** What the program would have come to on the store's own past. */
export interface Simulated extends SimulationResult {
  /** `YYYY-MM-DD` in shop time, both included. */
  readonly from: string;
  readonly to: string;
  readonly breakageBasisPoints: number;
  /** Of the program that holds now, where it is another. */
  readonly before: ComparedSimulation | null;
}

/** Null where it could not be tried. */
export type SimulationAnswer = Simulated | null;

/** Of points, those that merchants find are never spent; between 20 and 40 % are usual. */
export const USUAL_BREAKAGE_BASIS_POINTS = 3_000;
