import type { ServerResponse } from 'node:http';

import { noteRequest } from '#app/adapters/metrics/metrics.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

// As nginx counts whoever hung up before the answer was complete.
const CLIENT_GONE = 499;

/** Counts a request once its answer is out, with the time it took. */
export function observeResponse(response: ServerResponse, route: string, monotonicMs: Runtime['monotonicMs']): void {
  const startedMs = monotonicMs();
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : CLIENT_GONE;
    noteRequest(route, status, (monotonicMs() - startedMs) / 1000);
  });
}
