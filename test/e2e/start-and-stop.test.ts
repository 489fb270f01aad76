import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { findFreePort, isPortFree } from '#test/support/free-port.ts';
import { identifyProcess, isRunning } from '#test/support/process-identity.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import { startPerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { readWholeLog } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

it('starts every part, answers in the admin and in the shop, and leaves no process and no file behind', async () => {
  const store = () => generateStore({ seed: 1, orders: 50, asOf: '2026-01-01T00:00:00Z' });
  const perennial = await startPerennialUnderTest(store);
  const started = readPids(join(perennial.dataDir, 'processes.json')).map(identifyProcess);
  try {
    expect(started).toHaveLength(3);
    for (const url of [perennial.shellUrl, perennial.storefrontUrl, perennial.controlUrl]) {
      const response = await fetch(url);
      expect([url, response.status]).toEqual([url, 200]);
    }
  } finally {
    await perennial.close();
  }
  expect(started.filter(isRunning)).toEqual([]);
  expect(existsSync(perennial.dataDir)).toBe(false);
});

it('brings web back at the same public address after it was down, with what large shops show first', async () => {
  const perennial = await startPerennialOnSharedServer(() => generateStore({ seed: 1, orders: 5, asOf: '2026-01-01T00:00:00Z' }));
  const health = `${perennial.appFrontUrl}/healthz`;
  try {
    await perennial.stopWeb();
    expect((await fetch(health)).ok).toBe(false);
    await perennial.startWeb();
    expect((await fetch(health)).status).toBe(200);
    expect(readWholeLog(join(perennial.dataDir, 'logs', 'web.log'))).toContain('overviews of large shops are warm');
  } finally {
    await perennial.close();
  }
});

it('says which process failed when PostgreSQL dies under it', async () => {
  const perennial = await startPerennialUnderTest(() => generateStore({ seed: 1, orders: 5, asOf: '2026-01-01T00:00:00Z' }));
  try {
    const [server] = readPids(join(perennial.dataDir, 'processes.json'));
    process.kill(server ?? Number.NaN, 'SIGKILL');
    expect((await perennial.failed).name).toBe('postgres');
  } finally {
    await perennial.close();
  }
});

it('leaves a folder as empty as it was when the export cannot be read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-demo-'));
  try {
    const file = join(folder, 'orders.csv');
    writeFileSync(file, '');
    const dataDir = join(folder, 'data');
    const { status, stderr } = await demoOnFreePorts(['--orders', file, '--data', dataDir]);
    expect(status).toBe(1);
    expect(stderr).toContain('--orders: no order could be read');
    expect(readdirSync(dataDir)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Another test may take a port between the look and the start. */
async function demoOnFreePorts(flags: readonly string[]): Promise<{ status: number | null; stderr: string }> {
  for (;;) {
    const args = ['--import', 'tsx', 'test/demo.ts', ...flags, '--port', String(await findFreePortPair())];
    const ended = spawnSync(process.execPath, args, { cwd: PROJECT_DIR, encoding: 'utf8' });
    if (!ended.stderr.includes('--port: something else listens')) return ended;
  }
}

/** The first of two neighbours that are both free. */
async function findFreePortPair(): Promise<number> {
  for (;;) {
    const port = await findFreePort();
    if (port < 65_535 && (await isPortFree(port + 1))) return port;
  }
}

function readPids(file: string): number[] {
  const record: { pid: number }[] = JSON.parse(readFileSync(file, 'utf8'));
  return record.map((entry) => entry.pid);
}
