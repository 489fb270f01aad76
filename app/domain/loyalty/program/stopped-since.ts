import type { ProgramVersion } from './version-in-force.ts';

/**
 * Since when a program does not run: it is paused, being wound down, or off. Null for one that runs, or never ran.
 *
 * @param versions the oldest first
 */
export function stoppedSinceMs(versions: readonly ProgramVersion[]): number | null {
  const lastLive = versions.findLastIndex(({ program }) => program.status.kind === 'live');
  return lastLive < 0 ? null : (versions[lastLive + 1]?.savedAtMs ?? null);
}
