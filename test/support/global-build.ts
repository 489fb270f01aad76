import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp, isBuildStale } from '#test/demo/build-app.ts';
import { createSupervisor } from './processes.ts';
import { PROJECT_DIR } from './project-dir.ts';

/** Builds the app when that is due, once and before any test file: two that ran at once would write over each other. */
export default async function setup(): Promise<void> {
  if (!isBuildStale()) return;
  const folder = join(PROJECT_DIR, '.perennial', 'e2e');
  mkdirSync(folder, { recursive: true });
  const runDir = mkdtempSync(join(folder, 'build-'));
  const supervisor = createSupervisor(join(runDir, 'processes.json'));
  try {
    await buildApp(supervisor, join(runDir, 'build.log'));
  } finally {
    await supervisor.stopAll();
    rmSync(runDir, { recursive: true, force: true });
  }
}
