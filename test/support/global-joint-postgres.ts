import type { TestProject } from 'vitest/node';
import { preparePostgres } from './global-postgres.ts';
import type { PreparedPostgres } from './global-postgres.ts';

/** Each project has a copy of this file, so what they share hangs on the process. */
const KEY = Symbol.for('perennial.joint-postgres');
const shared: typeof globalThis & { [KEY]?: { prepared: Promise<PreparedPostgres>; users: number } } = globalThis;

/** As global-postgres.ts, with one server for all projects that name this file: another takes as long as a few of their files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const joint = (shared[KEY] ??= { prepared: preparePostgres('joint', 'fast'), users: 0 });
  joint.users += 1;
  const { postgres, teardown } = await joint.prepared;
  project.provide('testPostgres', postgres);
  return async () => {
    joint.users -= 1;
    if (joint.users > 0) return;
    delete shared[KEY];
    await teardown();
  };
}
