import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as waitFor } from 'node:timers/promises';

/**
 * Everything that differs from one run to the next comes from here: the time, chance, ids, waiting and the network. A
 * test that wants a run to repeat passes its own.
 */
export interface Runtime {
  now: () => Date;
  /** For durations; unlike `now` it never jumps. */
  monotonicMs: () => number;
  /** A UUID. */
  newId: () => string;
  randomBytes: (length: number) => Uint8Array<ArrayBuffer>;
  /** From 0 up to and without 1, for spreading retries. */
  randomFraction: () => number;
  wait: (milliseconds: number) => Promise<void>;
  fetch: typeof fetch;
}

export const systemRuntime: Runtime = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  newId: () => randomUUID(),
  randomBytes: (length) => new Uint8Array(randomBytes(length)),
  randomFraction: () => Math.random(),
  wait: async (milliseconds) => {
    await waitFor(milliseconds);
  },
  // Looked up at each call: whoever replaces the global one does it before the app's code is loaded, or after.
  fetch: (input, init) => fetch(input, init),
};
