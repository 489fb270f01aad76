import type { Program } from './program.ts';

export interface ProgramVersion {
  readonly version: number;
  readonly program: Program;
  readonly savedAtMs: number;
}

/**
 * Which version an order is first awarded under: the one in force when it was processed, so that a webhook that comes
 * late, or never, makes no difference. An order from before the program went live is judged by the version that first was
 * live and reaches back to it.
 *
 * @param versions the oldest first
 * @returns null when the program never was live for such an order
 */
export function versionInForce(versions: readonly ProgramVersion[], processedAtMs: number): ProgramVersion | null {
  const then = versions.filter(({ savedAtMs }) => savedAtMs <= processedAtMs).at(-1);
  if (then !== undefined && then.program.status.kind !== 'off') return then;
  const reachesBack = ({ program, savedAtMs }: ProgramVersion): boolean =>
    program.status.kind === 'live' && savedAtMs > processedAtMs && program.earning.earnsFromMs <= processedAtMs;
  return versions.find(reachesBack) ?? null;
}

/**
 * Since when a version looks back at an order of before it; null for an order that was placed under it. What is given for
 * such an order ends no sooner than had it been given then.
 */
export function lookedBackAtMs({ savedAtMs }: Pick<ProgramVersion, 'savedAtMs'>, processedAtMs: number): number | null {
  return processedAtMs < savedAtMs ? savedAtMs : null;
}
