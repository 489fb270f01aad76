import type { TestProject } from 'vitest/node';
import { preparePostgres } from './global-postgres.ts';

/** As global-postgres.ts, with a server that writes to the disk as one in production does, which takes its time. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return preparePostgres(project, 'durable');
}
