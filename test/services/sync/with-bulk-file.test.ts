import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

import { afterEach, expect, it } from 'vitest';

import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { withBulkFile } from '#app/services/sync/import/with-bulk-file.server.ts';

const ADDRESS = 'https://storage.googleapis.com/file';
const MB = 2 ** 20;
const PIECE_BYTES = 64 * 1024;
const PIECES = 2_000;

const gcBefore = globalThis.gc;
afterEach(() => {
  globalThis.gc = gcBefore;
});

/** A long file, and the most that lay in buffers while it came. */
function longFile() {
  const seen = { mostBytes: 0 };
  let pieces = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces += 1;
      controller.enqueue(new Uint8Array(PIECE_BYTES));
      seen.mostBytes = Math.max(seen.mostBytes, process.memoryUsage().arrayBuffers);
      if (pieces === PIECES) controller.close();
    },
  });
  return { seen, fetch: () => Promise.resolve(new Response(body)) };
}

it('clears away the buffers of a download as it goes, where the process was started so that it can', async () => {
  v8.setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
  const { seen, fetch } = longFile();
  globalThis.gc();
  const before = process.memoryUsage().arrayBuffers;
  const size = await withBulkFile({ fetch }, ADDRESS, async (file) => (await stat(file)).size);
  expect(size).toBe(PIECES * PIECE_BYTES);
  expect((seen.mostBytes - before) / MB).toBeLessThan(20);
});

it('downloads all the same where it cannot', async () => {
  globalThis.gc = undefined;
  const { fetch } = longFile();
  const size = await withBulkFile({ fetch }, ADDRESS, async (file) => (await stat(file)).size);
  expect(size).toBe(PIECES * PIECE_BYTES);
});

it('keeps the file from everybody else on the machine', async () => {
  const fetch = () => Promise.resolve(new Response('{}\n'));
  expect(await withBulkFile({ fetch }, ADDRESS, async (file) => (await stat(file)).mode & 0o077)).toBe(0);
});

it('leaves nothing of the file behind, whatever came of it', async () => {
  const folders: string[] = [];
  const note = async (file: string) => void folders.push(dirname(file));
  const whole = () => Promise.resolve(new Response('{}\n'));
  await withBulkFile({ fetch: whole }, ADDRESS, note);
  const broken = withBulkFile({ fetch: whole }, ADDRESS, async (file) => {
    await note(file);
    throw new Error('the database is away');
  });
  await expect(broken).rejects.toThrow('the database is away');
  expect(folders).toHaveLength(2);
  for (const folder of folders) await expect(stat(folder)).rejects.toThrow('ENOENT');
});

it.each([401, 403, 404, 410])('takes an address that answers %i for gone', async (status) => {
  const fetch = () => Promise.resolve(new Response('', { status }));
  expect(await withBulkFile({ fetch }, ADDRESS, async () => 'stored')).toEqual({ kind: 'gone' });
});

// The operation is not asked for again: the same file is there later.
it.each([429, 500, 503])('comes back for a file whose address answers %i', async (status) => {
  const fetch = () => Promise.resolve(new Response('', { status }));
  await expect(withBulkFile({ fetch }, ADDRESS, async () => 'stored')).rejects.toThrow(ShopifyUnavailableError);
});
