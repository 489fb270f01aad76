import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from './migrate.ts';
import { startEmbeddedPostgres, useOwnPostgres } from './postgres.ts';
import type { Durability } from './postgres.ts';
import { identifyProcess, isRunning } from './process-identity.ts';
import { createSupervisor, stopLeftovers } from './processes.ts';
import { PROJECT_DIR } from './project-dir.ts';
import './database.ts';

// Six stacks at once, each with a full pool of web and one of the worker, and then some.
const MOST_CONNECTIONS = '300';
const RUNS_DIR = join(PROJECT_DIR, '.perennial', 'test');

/** One PostgreSQL for all files of a project, with a migrated template that each of them clones. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return preparePostgres(project, 'fast');
}

export async function preparePostgres(project: TestProject, durability: Durability): Promise<() => Promise<void>> {
  const ownServer = process.env['DATABASE_URL'];
  const runName = `${process.pid}-${project.name}`;
  const runDir = join(RUNS_DIR, runName);
  await sweepDeadRuns();
  mkdirSync(runDir, { recursive: true });
  const supervisor = createSupervisor(join(runDir, 'processes.json'));
  const template = `perennial_template_${runName.replaceAll('-', '_')}`;
  const server =
    ownServer === undefined
      ? await startEmbeddedPostgres({ dataDir: runDir, supervisor, durability, settings: { max_connections: MOST_CONNECTIONS } })
      : await useOwnPostgres(ownServer);
  const teardown = async () => {
    if (ownServer !== undefined) await server.dropDatabase(template);
    await supervisor.stopAll();
    rmSync(runDir, { recursive: true, force: true });
  };
  try {
    await server.dropDatabase(template);
    await server.createDatabase(template);
    await migrateDatabase(server.ownerUrl(template));
    const appUrl = await server.prepareAppLogin();
    const toAddress = (url: string) => url.replace(`/${template}`, '/{database}');
    project.provide('testPostgres', {
      template,
      ownerAddress: toAddress(server.ownerUrl(template)),
      appAddress: toAddress(appUrl(template)),
    });
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

/** Removes what test runs left that were killed: folders are named for the run's process. */
async function sweepDeadRuns(): Promise<void> {
  mkdirSync(RUNS_DIR, { recursive: true });
  for (const name of readdirSync(RUNS_DIR)) {
    if (isRunning(identifyProcess(Number.parseInt(name, 10)))) continue;
    await stopLeftovers(join(RUNS_DIR, name, 'processes.json'));
    rmSync(join(RUNS_DIR, name), { recursive: true, force: true });
  }
}
