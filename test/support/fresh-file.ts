import '@shopify/shopify-api/adapters/web-api';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import { register } from 'prom-client';
import { vi } from 'vitest';

/*
 * Files with a database follow each other in one process, which spares each the second that a process takes. What a
 * file finds is what it would find in a process of its own: the app's modules are evaluated anew (they read the
 * environment once), and what a file before it left in the process is undone. Libraries stay, and with them what is theirs.
 */
interface AtFirst {
  env: NodeJS.ProcessEnv;
  fetch: typeof globalThis.fetch;
  gc: typeof globalThis.gc;
}

const KEY = Symbol.for('perennial.process-at-first');
const holder: typeof globalThis & { [KEY]?: AtFirst } = globalThis;
const atFirst = (holder[KEY] ??= { env: { ...process.env }, fetch: globalThis.fetch, gc: globalThis.gc });

vi.resetModules();
vi.useRealTimers();
vi.unstubAllEnvs();
vi.unstubAllGlobals();
for (const name of Object.keys(process.env)) if (!(name in atFirst.env)) Reflect.deleteProperty(process.env, name);
Object.assign(process.env, atFirst.env);
globalThis.fetch = atFirst.fetch;
globalThis.gc = atFirst.gc;
register.clear();
// Shopify's library keeps what `fetch` was when it was first imported.
setAbstractFetchFunc((...request) => globalThis.fetch(...request));
