import { expect, it } from 'vitest';

import { currentRequestId, readRequestId, withRequestId } from '#app/logging/request-id.server.ts';

it.each(['01J9ZK4Q', '3f2a-4711.9_b', 'a'.repeat(64)])('the id of a request that a proxy gave is taken: %s', (header) => {
  expect(readRequestId(header)).toBe(header);
});

it.each(['', 'short', 'a'.repeat(65), 'anna@example.com', 'Anna Berg 1', '12345678\n{"level":50}', 'Bearer 12345678', '<script>', undefined, ['12345678', '87654321']])(
  'what does not belong into a log is no id of a request: %s',
  (header) => {
    expect(readRequestId(header)).toBeNull();
  },
);

it('each of several requests at once has its own id to its end, and outside of them there is none', async () => {
  const seenBy = (id: string) =>
    withRequestId(id, async () => {
      const first = currentRequestId();
      await new Promise((resolve) => setImmediate(resolve));
      return [first, currentRequestId()];
    });
  expect(await Promise.all([seenBy('one'), seenBy('two')])).toEqual([['one', 'one'], ['two', 'two']]);
  expect(currentRequestId()).toBeUndefined();
});
