import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The id of the request that is being answered, for each line of its log. The listener and the built app each hold a
 * copy of this file, so what they share hangs on the process.
 */
const KEY = Symbol.for('perennial.request-id');
const shared: typeof globalThis & { [KEY]?: AsyncLocalStorage<string> } = globalThis;
const storage = (shared[KEY] ??= new AsyncLocalStorage<string>());

export function withRequestId<T>(requestId: string, work: () => T): T {
  return storage.run(requestId, work);
}

export function currentRequestId(): string | undefined {
  return storage.getStore();
}

/** An id that a proxy gave, if it is one that belongs into a log. */
export function readRequestId(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[\w.-]{8,64}$/.test(header) ? header : null;
}
