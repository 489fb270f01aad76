import { statSync } from 'node:fs';
import { relative } from 'node:path';

import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

import { PROJECT_DIR } from '../support/project-dir.ts';

/** What takes much longer than its size says, in seconds on two cores: most of it is waiting. Begun late, it would be left alone at the end. */
const LONG: Readonly<Record<string, number>> = {
  'test/e2e/shopper-surfaces.test.ts': 140,
  'test/e2e/accessible-and-clean.test.ts': 95,
  'test/jobs/failpoints.test.ts': 85,
  'test/e2e/thank-you-code.test.ts': 65,
  'test/e2e/shopper-deeds.test.ts': 55,
  'test/services/loyalty/traces/trace-troubles.test.ts': 45,
  'test/e2e/loyalty-setup.test.ts': 40,
  'test/e2e/data-check.test.ts': 35,
  'test/promises/l1-worker-under-load.test.ts': 30,
};
/** Of a file that needs a stack or a browser, and of the bytes of any other. */
const STACK_SECONDS = 20;
const SECONDS_A_BYTE = 1 / 1_500;

/**
 * Files with a browser, which wait much, go beside files with none, which compute much, from beginning to end, the longest
 * of each first; the short ones that need nothing fill up what is left. The same order in every run: a fresh clone
 * knows of no run before.
 */
export class SpreadSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map(spread(files).map((spec, place) => [spec, place]));
    const placeOf = (spec: TestSpecification) => places.get(spec) ?? 0;
    const groupOf = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    return [...files].sort((a, b) => groupOf(a) - groupOf(b) || placeOf(a) - placeOf(b));
  }
}

function spread(files: readonly TestSpecification[]): TestSpecification[] {
  const of = (isWanted: (name: string) => boolean) =>
    files
      .filter(({ project }) => isWanted(project.name))
      .map((spec) => ({ spec, seconds: secondsOf(spec) }))
      .sort((a, b) => b.seconds - a.seconds);
  const lanes = [of((name) => name === 'e2e'), of((name) => name !== 'e2e' && name !== 'unit')];
  const unit = of((name) => name === 'unit').map(({ spec }) => spec);
  const parts = lanes.flatMap((lane) => {
    const total = lane.reduce((sum, { seconds }) => sum + seconds, 0);
    let begun = 0;
    // Which part of the lane's time has been given out before it.
    return lane.map(({ spec, seconds }) => {
      const part = begun / total;
      begun += seconds;
      return { spec, part };
    });
  });
  return [...parts.sort((a, b) => a.part - b.part).map(({ spec }) => spec), ...unit];
}

function secondsOf({ moduleId, project }: TestSpecification): number {
  const path = relative(PROJECT_DIR, moduleId).replaceAll('\\', '/');
  return LONG[path] ?? (project.name === 'e2e' ? STACK_SECONDS : statSync(moduleId).size * SECONDS_A_BYTE);
}
