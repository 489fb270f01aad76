import { stat } from 'node:fs/promises';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

import { afterEach, expect, it } from 'vitest';

import { withBulkFile } from '#app/services/sync/import/with-bulk-file.server.ts';

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
  const size = await withBulkFile({ fetch }, 'https://storage.googleapis.com/file', async (file) => (await stat(file)).size);
  expect(size).toBe(PIECES * PIECE_BYTES);
  expect((seen.mostBytes - before) / MB).toBeLessThan(20);
});

it('downloads all the same where it cannot', async () => {
  globalThis.gc = undefined;
  const { fetch } = longFile();
  const size = await withBulkFile({ fetch }, 'https://storage.googleapis.com/file', async (file) => (await stat(file)).size);
  expect(size).toBe(PIECES * PIECE_BYTES);
});
