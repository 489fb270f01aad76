import { parentPort } from 'node:worker_threads';

import type { Asked, Told } from '#app/adapters/threads/computing-thread.server.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { computePredictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import type { FitQuestion } from '#app/services/retention/fit-apart.server.ts';

/* The web process's third thread: fits models for the second, which answers pages meanwhile. */

function answer({ columns, asOf }: FitQuestion): unknown {
  return computePredictions(columns, everyone(columns), { asOf, withAlternatives: false });
}

parentPort?.on('message', ({ id, question }: Asked<FitQuestion>) => {
  const tell = (told: Told) => parentPort?.postMessage(told);
  try {
    tell({ id, value: answer(question) });
  } catch (error) {
    tell({ id, error });
  }
});
