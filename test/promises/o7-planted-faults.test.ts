import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { copyProject, plant, type FailedTest } from './planted-faults/copy-of-project.ts';
import { FAULTS } from './planted-faults/faults.ts';
import type { PlantedFault } from './planted-faults/planted-fault.ts';
import { promiseOf } from './promise.ts';

// One by one in the long run; the small run tries the one that needs neither a database nor a browser.
const SMALL = FAULTS.filter((fault) => fault.test === 'test/adapters/crypto/sealing.test.ts').slice(0, 1);

it('finds the place of each planted fault once, and a test that is there', () => {
  const broken = FAULTS.flatMap((fault) => {
    try {
      for (const edit of fault.edits) plant(fault.name, edit, readFileSync(join(PROJECT_DIR, edit.file), 'utf8'));
      return existsSync(join(PROJECT_DIR, fault.test)) ? [] : [`${fault.name}: ${fault.test} is not there`];
    } catch (error) {
      return [String(error)];
    }
  });
  expect(broken).toEqual([]);
});

promiseOf('O7', 'each fault is caught by a test that names it', async ({ pick }) => {
  const faults = pick(SMALL, FAULTS);
  const copy = copyProject();
  const missed: string[] = [];
  try {
    for (const fault of faults) {
      const failures = await copy.try(fault);
      const verdict = judge(fault, failures);
      if (verdict !== null) missed.push(verdict);
      if (faults.length > 1) console.log(`${verdict === null ? 'caught' : 'MISSED'}: ${fault.name}${verdict === null ? ` (${failures[0]?.name})` : ''}`);
    }
  } finally {
    copy.remove();
  }
  const caught = faults.length - missed.length;
  return {
    tried: `${faults.length} of ${FAULTS.length} faults`,
    measured: [`${caught} caught`, ...missed].join('; '),
    isKept: missed.length === 0 && faults.length > 0,
  };
});

/** Null when a test failed that names what broke. */
function judge(fault: PlantedFault, failures: readonly FailedTest[]): string | null {
  if (failures.length === 0) return `"${fault.name}" was not noticed`;
  if (failures.some(({ name }) => fault.named.test(name))) return null;
  return `"${fault.name}" was noticed only as ${failures.map(({ name }) => name).join(', ')}`;
}
