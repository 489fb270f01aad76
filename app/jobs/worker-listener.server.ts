import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import type pg from 'pg';

import { exposeDatabaseMetrics, renderMetrics } from '#app/adapters/metrics/expose-metrics.server.ts';
import type { WorkLoop } from '#app/jobs/work-loop.server.ts';
import { log } from '#app/logging/log.server.ts';
import { isOperator } from '#app/access/operator-access.server.ts';
import type { Runtime } from '#app/runtime.server.ts';
import { checkReadiness } from '#app/services/operations/check-readiness.server.ts';

// Several times the longest that a look may take: past this the loop itself is stuck, and a restart helps.
const LOOK_OVERDUE_MS = 60_000;

interface ListenerOptions {
  /** 0 takes any that is free; the log says which. */
  port: number;
  loop: Pick<WorkLoop, 'isStopping' | 'msSinceLook'>;
  pool: pg.Pool;
  runtime: Pick<Runtime, 'now' | 'monotonicMs'>;
}

type Answer = { status: number; body: string; contentType?: string };

/** What a platform and Prometheus ask of a process that serves nobody: `/livez`, `/readyz`, `/metrics`. */
export async function startWorkerListener(options: ListenerOptions): Promise<void> {
  exposeDatabaseMetrics({ pool: options.pool, ...options.runtime });
  const server = createServer((request, response) => {
    answer(options, request).then(
      (found) => send(response, found),
      (error: unknown) => {
        log.error({ err: error }, 'the worker could not answer an operator');
        send(response, { status: 500, body: 'failed' });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, resolve);
  });
  // It is no work: the process ends when its work has.
  server.unref();
  log.info({ address: server.address() }, 'worker answers operators');
}

async function answer({ loop, pool }: ListenerOptions, request: IncomingMessage): Promise<Answer> {
  switch (request.url?.split('?', 1)[0]) {
    case '/livez':
      return loop.msSinceLook() < LOOK_OVERDUE_MS ? { status: 200, body: 'ok' } : { status: 503, body: 'the work loop is stuck' };
    case '/readyz': {
      if (loop.isStopping) return { status: 503, body: 'draining' };
      const readiness = await checkReadiness(pool);
      return readiness.ok ? { status: 200, body: 'ok' } : { status: 503, body: readiness.reason };
    }
    case '/metrics': {
      if (!isOperator(request.headers.authorization)) return { status: 404, body: '' };
      const { text, contentType } = await renderMetrics();
      return { status: 200, body: text, contentType };
    }
    default:
      return { status: 404, body: '' };
  }
}

function send(response: ServerResponse, { status, body, contentType = 'text/plain; charset=utf-8' }: Answer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' }).end(body);
}
