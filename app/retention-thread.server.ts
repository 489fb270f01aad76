import { parentPort } from 'node:worker_threads';

import type { Asked, Told } from '#app/adapters/threads/computing-thread.server.ts';
import { shopContext } from '#app/context.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { ANSWERS_APART } from '#app/services/retention/answers-apart.server.ts';
import type { ApartQuestion } from '#app/services/retention/compute-apart.server.ts';

/* The web process's second thread: answers what takes a processor for long. */

async function answer({ name, shop, nowMs, input }: ApartQuestion): Promise<unknown> {
  const context = shopContext(shop, { ...systemRuntime, now: () => new Date(nowMs) });
  // `computedApart` is the only one who asks, and its types tie the input to the name.
  return ANSWERS_APART[name](context, input as never);
}

parentPort?.on('message', ({ id, question }: Asked<ApartQuestion>) => {
  const tell = (told: Told) => parentPort?.postMessage(told);
  answer(question).then(
    (value) => tell({ id, value }),
    (error: unknown) => tell({ id, error }),
  );
});
