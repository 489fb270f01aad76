import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { identifyProcess, isRunning } from '#test/support/process-identity.ts';
import { startPerennialUnderTest } from '#test/support/perennial-under-test.ts';

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

it('brings web back at the same public address after it was down', async () => {
  const perennial = await startPerennialUnderTest(() => generateStore({ seed: 1, orders: 5, asOf: '2026-01-01T00:00:00Z' }));
  const health = `${perennial.appFrontUrl}/healthz`;
  try {
    await perennial.stopWeb();
    expect((await fetch(health)).ok).toBe(false);
    await perennial.startWeb();
    expect((await fetch(health)).status).toBe(200);
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

function readPids(file: string): number[] {
  const record: { pid: number }[] = JSON.parse(readFileSync(file, 'utf8'));
  return record.map((entry) => entry.pid);
}
