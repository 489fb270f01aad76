import { rename } from 'node:fs/promises';
import { expandScopes } from '#test/simulator/admin-graphql/access.ts';
import { startSimulator } from '#test/simulator/server.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';

/*
 * The file of a bulk operation of the local Shopify, over a generated store:
 *   node --import tsx test/bench/write-bulk-file.cli.ts <orders> <file> <bulk query>
 * A process of its own, so that the store is in nobody's memory when the file is measured.
 */
const [orders, file, query] = process.argv.slice(2);
if (!orders || !file || !query) throw new Error('write-bulk-file.cli.ts <orders> <file> <bulk query>');

const running = await startSimulator({
  store: generateStore({ seed: 3, orders: Number(orders), asOf: '2026-11-01T00:00:00Z' }),
  app: { clientId: 'bench', clientSecret: 'bench', handle: 'bench', name: 'Bench', tomlPath: 'shopify.app.toml' },
});
const { bulk, shops, config } = running.simulator;
const [store] = shops.values();
if (!store) throw new Error('The local Shopify has no store.');
const { bulkOperation, userErrors } = bulk.start(store, { query, groupObjects: false, scopes: [...expandScopes(config.scopes)] });
if (!bulkOperation) throw new Error(userErrors.map(({ message }) => message).join('; '));
const done = await until(
  () => bulk.find(store.domain, bulkOperation.id),
  (operation) => operation?.status === 'COMPLETED' || operation?.status === 'FAILED',
  10 * 60 * 1000,
);
const written = bulk.fileOf(bulkOperation.id);
if (!done || !written) throw new Error('The bulk operation failed.');
await rename(written.path, file);
process.stdout.write(`${JSON.stringify({ objects: done.objectCount, roots: done.rootObjectCount, bytes: done.fileSize })}\n`);
await running.close();
