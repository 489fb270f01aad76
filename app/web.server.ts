import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import type { ServerBuild } from '@remix-run/node';

import { requireHashKey } from '#app/adapters/db/require-hash-key.server.ts';
import { requireTenantRole } from '#app/adapters/db/require-tenant-role.server.ts';
import { env } from '#app/env.server.ts';
import type * as Entry from '#app/entry.server.tsx';
import { setDefaultHeaders } from '#app/adapters/http/default-headers.server.ts';
import { Drain } from '#app/adapters/http/drain.server.ts';
import { createRemixListener } from '#app/adapters/http/remix-listener.server.ts';
import { createRoutePatterns } from '#app/adapters/http/route-pattern.server.ts';
import { createStaticFiles } from '#app/adapters/http/static-files.server.ts';
import type { StaticFiles } from '#app/adapters/http/static-files.server.ts';
import { warmUp } from '#app/adapters/http/warm-up.server.ts';
import { observeProcess } from '#app/adapters/metrics/observe-process.server.ts';
import { observeResponse } from '#app/adapters/metrics/observe-response.server.ts';
import { createLimitsPool } from '#app/adapters/rate-limit/limits-pool.server.ts';
import { log } from '#app/logging/log.server.ts';
import { readRequestId, withRequestId } from '#app/logging/request-id.server.ts';
import { createRequestLimits } from '#app/http/request-limits.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { followUpsDone } from '#app/services/follow-ups.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';

// Longer than an answer may take, shorter than what most platforms wait before they kill.
const DRAIN_MS = 9_000;
const READINESS_PATHS: ReadonlySet<string> = new Set(['/readyz', '/healthz']);
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Whoever deploys waits for it; what is not warm by then is so soon after. */
const PAGES_WARM_WITHIN_MS = 20_000;
/** Well within the hour for which what is warm is kept. */
const PAGES_WARM_FOR_MS = 10 * 60_000;

const clientFolder = fileURLToPath(new URL('../build/client', import.meta.url));
const serverBuild = new URL('../build/server/index.js', import.meta.url);

/** The built app on one port, until SIGTERM or SIGINT. */
async function serve(): Promise<void> {
  await requireTenantRole(env.DATABASE_URL);
  await requireHashKey(env.DATABASE_URL, sealedBox);
  const staticFiles = await createStaticFiles(clientFolder);
  const build: ServerBuild = await import(serverBuild.href);
  requireWholeBuild(build, staticFiles);
  const answerWithRemix = createRemixListener(build, {
    origin: env.SHOPIFY_APP_URL,
    limits: createRequestLimits(createLimitsPool(env.DATABASE_URL)),
  });
  const patternOf = createRoutePatterns(build.routes);
  const drain = new Drain();
  let isWarm = false;
  observeProcess();

  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    setDefaultHeaders(response, { origin: env.SHOPIFY_APP_URL });
    drain.track(response);
    const requestId = readRequestId(request.headers['x-request-id']) ?? systemRuntime.newId();
    response.setHeader('X-Request-Id', requestId);
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    if ((drain.isDraining || !isWarm) && READINESS_PATHS.has(path)) {
      response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' }).end(drain.isDraining ? 'draining' : 'warming up');
      return;
    }
    if (staticFiles.answer(request, response)) return;
    observeResponse(response, patternOf(path), systemRuntime.monotonicMs);
    void withRequestId(requestId, () => answerWithRemix(request, response));
  });
  // Longer than the keep-alive of the usual proxies, so that it is never us who closes first.
  server.keepAliveTimeout = 65_000;

  const stop = (signal: string): void => {
    if (drain.isDraining) return;
    log.info({ signal }, 'web is draining');
    void drain.begin(server, { deadlineMs: DRAIN_MS, followUpsDone }).then((left) => {
      if (left > 0) log.warn({ left }, 'requests were cut off');
      process.exit(0);
    });
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));

  server.on('error', (error) => {
    log.fatal({ err: error }, 'web cannot listen');
    process.exit(1);
  });
  server.listen(env.PORT, () => {
    const port = portOf(server.address());
    console.log(`Perennial web listens on http://localhost:${port}`);
    const pagesWarm = new Promise<void>((resolve) => void keepPagesWarm(build, resolve));
    warmUp(`http://localhost:${port}/livez`)
      .then(() => Promise.race([pagesWarm, systemRuntime.wait(PAGES_WARM_WITHIN_MS)]))
      .catch((error: unknown) => log.warn({ err: error }, 'web could not warm up'))
      .finally(() => {
        isWarm = true;
      });
  });
}

/**
 * For as long as the process lives.
 *
 * @param onReady called once merchants of large shops need not wait for what they see first
 */
async function keepPagesWarm({ entry }: ServerBuild, onReady: () => void): Promise<never> {
  // The build is of our own entry.server.tsx.
  const { warmOverviewsOfShops, warmPredictionsOf } = entry.module as typeof Entry;
  for (;;) {
    try {
      const shops = await warmOverviewsOfShops();
      log.info({ shops: shops.length }, 'overviews of large shops are warm');
      onReady();
      await warmPredictionsOf(shops);
    } catch (error) {
      log.warn({ err: error }, 'pages of large shops could not be made ready');
      onReady();
    }
    await systemRuntime.wait(PAGES_WARM_FOR_MS);
  }
}

/** While another build is being written, its two halves do not belong together, and no page would work. */
function requireWholeBuild(build: ServerBuild, staticFiles: StaticFiles): void {
  const modules = [build.assets.entry.module, ...Object.values(build.assets.routes).map((route) => route?.module)];
  const missing = modules.find((module) => module !== undefined && !staticFiles.has(module));
  if (missing !== undefined) throw new Error(`${missing} is not in build/client: run "npm run build" and start again`);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

await serve();
