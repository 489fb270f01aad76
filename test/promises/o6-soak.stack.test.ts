import pg from 'pg';

import { promiseOf } from './promise.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { findFreePort } from '#test/support/free-port.ts';
import { percentile, sendOpenLoop } from '#test/support/open-loop.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { residentMb, webUrlOf, workerPidOf } from '#test/support/running-processes.ts';
import { orderWebhook, visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';

const TOKEN = 'operator-token-of-the-soak';
const SLOPE_PROMISED_MB_A_MINUTE = 1;
const LAG_PROMISED_S = 0.1;
/** Of the time at the beginning, in which caches fill and the heap finds its size: ten minutes of thirty. */
const WARM_UP_SHARE = 1 / 3;
// The sender starts as a process of its own. One that came late would send at once what it is behind with.
const SENDER_STARTS_MS = 2_000;
// Below this, what the garbage collector happens to do outweighs what a leak would: it takes or gives back 20 MB at a time.
const SHORTEST_SLOPE_SECONDS = 600;

interface Sample {
  atSeconds: number;
  webMb: number;
  workerMb: number;
  lagsSeconds: number[];
  poolWaiting: number;
}

/** `SOAK_SECONDS` shortens the long run. */
function secondsOf(pick: <T>(small: T, long: T) => T): number {
  return pick(4, Number(process.env['SOAK_SECONDS'] ?? 30 * 60));
}

async function readMetrics(url: string): Promise<{ mb: number; lagSeconds: number; poolWaiting: number }> {
  const text = await (await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } })).text();
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    mb: figure('perennial_process_resident_memory_bytes') / 1024 / 1024,
    lagSeconds: figure('perennial_nodejs_eventloop_lag_p99_seconds'),
    poolWaiting: figure('perennial_pool_waiting'),
  };
}

function startSampling(webUrl: string, workerUrl: string, workerPid: number, everyMs: number): { stop: () => Promise<Sample[]> } {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  let isRunning = true;
  const sampling = (async () => {
    while (isRunning) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      const [web, worker] = await Promise.all([readMetrics(webUrl), readMetrics(workerUrl)]);
      samples.push({
        atSeconds: (performance.now() - startedMs) / 1000,
        webMb: web.mb,
        workerMb: residentMb(workerPid),
        lagsSeconds: [web.lagSeconds, worker.lagSeconds],
        poolWaiting: Math.max(web.poolWaiting, worker.poolWaiting),
      });
    }
  })();
  return {
    stop: async () => {
      isRunning = false;
      await sampling;
      return samples;
    },
  };
}

/** Least squares, in MB a minute. */
function slopeOf(samples: readonly Sample[], mb: (sample: Sample) => number): number {
  const meanAt = samples.reduce((sum, { atSeconds }) => sum + atSeconds, 0) / samples.length;
  const meanMb = samples.reduce((sum, sample) => sum + mb(sample), 0) / samples.length;
  const covariance = samples.reduce((sum, sample) => sum + (sample.atSeconds - meanAt) * (mb(sample) - meanMb), 0);
  const variance = samples.reduce((sum, { atSeconds }) => sum + (atSeconds - meanAt) ** 2, 0);
  return variance === 0 ? 0 : (covariance / variance) * 60;
}

/** Half of what W1 sends, piece by piece, so that no plan of half an hour has to be held. */
async function load(perennial: PerennialUnderTest, orders: readonly number[], domain: string, perSecond: number, seconds: number): Promise<(number | null)[]> {
  const shopify = perennial.simulator.simulator.requireStore(domain);
  const url = webUrlOf(perennial);
  const secret = perennial.simulator.simulator.app.clientSecret;
  const statuses: (number | null)[] = [];
  const piece = Math.min(seconds, 20);
  for (let done = 0; done < seconds; done += piece) {
    const updatedAt = new Date().toISOString();
    const requests = Array.from({ length: perSecond * piece }, (_, index) => {
      const orderId = orders[(done * perSecond + index) % orders.length] ?? 0;
      const order = shopify.orders.get(orderId);
      if (order) shopify.save('order', { ...order, sourceName: `soak-${done}`, updatedAt });
      return orderWebhook({ orderId, domain, secret, updatedAt, offsetMs: (index * 1_000) / perSecond });
    });
    const shots = await sendOpenLoop({ url, startAtMs: Date.now() + SENDER_STARTS_MS, timeoutMs: 10_000, requests });
    statuses.push(...shots.map(({ status }) => status));
  }
  return statuses;
}

promiseOf('O6', 'half of W1 without end', async ({ pick }) => {
  const [perSecond, seconds] = [pick(30, 100), secondsOf(pick)];
  const store = syntheticStore(pick(200, 2_000));
  const { domain } = store.shop;
  const workerPort = await findFreePort();
  const perennial = await startPerennialOnSharedServer(() => store, { env: { OPERATOR_TOKEN: TOKEN, WORKER_PORT: String(workerPort) } });
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  try {
    await owner.connect();
    await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
    await waitFor('the history', async () => (await owner.query("SELECT 1 FROM imports WHERE state = 'completed'")).rowCount === 2 || undefined, { timeoutMs: 60_000 });
    const sampler = startSampling(webUrlOf(perennial), `http://127.0.0.1:${workerPort}`, workerPidOf(perennial), pick(1_000, 5_000));
    const statuses = await load(perennial, store.orders.map(({ id }) => id), domain, perSecond, seconds);
    const samples = await sampler.stop();
    await waitFor('the backlog to be empty', async () => (await owner.query("SELECT 1 FROM webhook_inbox WHERE state = 'waiting' LIMIT 1")).rowCount === 0 || undefined, { timeoutMs: 120_000 });
    const steady = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
    const [web, worker] = [slopeOf(steady, ({ webMb }) => webMb), slopeOf(steady, ({ workerMb }) => workerMb)];
    const lags = steady.flatMap(({ lagsSeconds }) => lagsSeconds);
    const lag = percentile(lags, 0.9);
    const poolWaiting = Math.max(...samples.map((sample) => sample.poolWaiting));
    const samplesWithWaiting = samples.filter((sample) => sample.poolWaiting > 0).length;
    const refused = statuses.filter((status) => status !== 200).length;
    const isSlopeJudged = seconds >= SHORTEST_SLOPE_SECONDS;
    const last = steady.at(-1);
    return {
      tried: `${statuses.length.toLocaleString('en')} webhooks at ${perSecond}/s, ${samples.length} samples`,
      measured:
        `memory ${web.toFixed(2)} MB/min of web (${last?.webMb.toFixed(0)} MB), ${worker.toFixed(2)} of the worker (${last?.workerMb.toFixed(0)} MB)` +
        `${isSlopeJudged ? '' : ', too short a time to judge'}; event loop p99 ${(lag * 1000).toFixed(0)} ms in nine of ten samples, ${(Math.max(...lags) * 1000).toFixed(0)} in the worst; ` +
        `at most ${poolWaiting} waited for a connection, in ${samplesWithWaiting} samples; ${refused} not answered with 200`,
      isKept:
        refused === 0 && lag <= LAG_PROMISED_S * pick(3, 1) && poolWaiting === 0 && samples.length > 0 &&
        (!isSlopeJudged || Math.max(web, worker) <= SLOPE_PROMISED_MB_A_MINUTE),
    };
  } finally {
    await owner.end();
    await perennial.close();
  }
});
