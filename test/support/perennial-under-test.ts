import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPerennial } from '#test/demo/start-perennial.ts';
import type { PerennialOptions, RunningPerennial } from '#test/demo/start-perennial.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { createSupervisor } from './processes.ts';
import { PROJECT_DIR } from './project-dir.ts';

export type StackOptions = Pick<PerennialOptions, 'bulkObjectsPerSecond' | 'env' | 'isOfferOn'>;

export interface PerennialUnderTest extends RunningPerennial {
  /** Holds `logs/web.log` and the like until it is closed. */
  dataDir: string;
}

/**
 * The whole of Perennial for a browser test, as `npm run demo` starts it: built, each part a process of its own, on
 * any free ports, in a folder that is deleted by `close`. Takes about four seconds when the build is fresh;
 * `startPerennialOnSharedServer` takes two.
 */
export async function startPerennialUnderTest(
  store: () => SimStore | Promise<SimStore>,
  options: StackOptions & Pick<PerennialOptions, 'readyDatabase' | 'isBuilt' | 'durability'> = {},
): Promise<PerennialUnderTest> {
  const folder = join(PROJECT_DIR, '.perennial', 'e2e');
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, 'run-'));
  const supervisor = createSupervisor(join(dataDir, 'processes.json'));
  const remove = async () => {
    await supervisor.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const perennial = await startPerennial({
      dataDir,
      settings: {
        clientId: randomBytes(16).toString('hex'),
        clientSecret: randomBytes(24).toString('hex'),
        encryptionKeys: `1:${randomBytes(32).toString('base64')}`,
      },
      supervisor,
      port: 0,
      appFrontPort: 0,
      makeStore: store,
      isFresh: true,
      isReloading: false,
      ownPostgresUrl: process.env['DATABASE_URL'],
      reportStep: (_step, work) => work(),
      durability: 'fast',
      ...options,
    });
    return {
      ...perennial,
      dataDir,
      async close() {
        await perennial.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
