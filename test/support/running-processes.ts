import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PerennialUnderTest } from './perennial-under-test.ts';

/** The worker's process of a running stack. */
export function workerPidOf({ dataDir }: Pick<PerennialUnderTest, 'dataDir'>): number {
  const identities = JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')) as { pid: number }[];
  const worker = identities.find(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.server.ts'));
  if (!worker) throw new Error('no worker is running');
  return worker.pid;
}

/** Where the web process itself listens, without the front of the local Shopify before it. */
export function webUrlOf({ dataDir }: Pick<PerennialUnderTest, 'dataDir'>): string {
  const urls = [...readFileSync(join(dataDir, 'logs', 'web.log'), 'utf8').matchAll(/web listens on (http:\/\/\S+)/g)];
  const url = urls.at(-1)?.[1];
  if (url === undefined) throw new Error('web has not said where it listens');
  return url.replace('localhost', '127.0.0.1');
}

/** What the process holds in memory now, in MB. */
export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
