import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';

interface Kept {
  shopId: number;
  byteSize: number;
  version: number;
}

const MINUTE_MS = 60_000;
let brought: string[];

beforeEach(() => {
  brought = [];
});

afterEach(() => {
  vi.useRealTimers();
});

const cacheOf = (budgetBytes: number) => new ColumnsCache<Kept>({ budgetBytes });

/** Asks for the columns of a shop in a version, and notes what they were made of where they had to be. */
function ask(cache: ColumnsCache<Kept>, shopId: number, version = 1, byteSize = 10): Promise<Kept> {
  return cache.get(shopId, {
    isFresh: (kept) => kept.version >= version,
    bring: async (known) => {
      brought.push(`${shopId}: ${known?.version ?? 'nothing'} to ${version}`);
      await Promise.resolve();
      return { shopId, byteSize, version };
    },
  });
}

describe('the columns kept in memory', () => {
  it('are brought once for each version of a shop’s data, each from the one before', async () => {
    const cache = cacheOf(100);
    for (const version of [1, 1, 2, 2]) await ask(cache, 1, version);
    expect(brought).toEqual(['1: nothing to 1', '1: 1 to 2']);
  });

  it('are brought once for requests that come at the same time', async () => {
    const cache = cacheOf(100);
    const [first, second] = await Promise.all([ask(cache, 1), ask(cache, 1), ask(cache, 1)]);
    expect(brought).toEqual(['1: nothing to 1']);
    expect(second).toBe(first);
  });

  it('are brought again for a request that needs a later version than the one on its way', async () => {
    const cache = cacheOf(100);
    const [early, late] = await Promise.all([ask(cache, 1, 1), ask(cache, 1, 2)]);
    expect([early.version, late.version]).toEqual([1, 2]);
    expect(brought).toEqual(['1: nothing to 1', '1: 1 to 2']);
  });

  it('can be asked whether they are here, which brings none', async () => {
    const cache = cacheOf(100);
    expect(cache.has(1)).toBe(false);
    const pending = ask(cache, 1);
    expect(cache.has(1)).toBe(false);
    await pending;
    expect([cache.has(1), cache.has(2)]).toEqual([true, false]);
    cache.forget(1);
    expect(cache.has(1)).toBe(false);
    expect(brought).toEqual(['1: nothing to 1']);
  });

  it('never pass from one shop to another', async () => {
    const cache = cacheOf(100);
    expect((await ask(cache, 1)).shopId).toBe(1);
    expect((await ask(cache, 2)).shopId).toBe(2);
    await expect(cache.get(3, { isFresh: () => true, bring: () => ask(cache, 2) })).rejects.toThrow('columns of shop 2 came for shop 3');
    expect((await ask(cache, 3)).shopId).toBe(3);
  });

  it('make room by the shop that was not asked for the longest, and a large one takes the room of several', async () => {
    const cache = cacheOf(30);
    for (const shopId of [1, 2, 3]) await ask(cache, shopId);
    await ask(cache, 1);
    const held = await ask(cache, 4, 1, 15);
    brought = [];
    for (const shopId of [1, 4]) await ask(cache, shopId);
    expect(brought).toEqual([]);
    await ask(cache, 2);
    // Whoever has got them keeps them.
    expect([brought, held.byteSize]).toEqual([['2: nothing to 1'], 15]);
  });

  it('stay for the shop that was asked for last, though they alone are above the budget', async () => {
    const cache = cacheOf(30);
    await ask(cache, 1);
    await ask(cache, 2, 1, 1000);
    await ask(cache, 2, 2, 1000);
    await ask(cache, 1, 2);
    expect(brought).toEqual(['1: nothing to 1', '2: nothing to 1', '2: 1 to 2', '1: nothing to 2']);
  });

  it('forget a failure, so that the next request tries again from what was there', async () => {
    const cache = cacheOf(100);
    const fail = () => cache.get(1, { isFresh: () => false, bring: () => Promise.reject(new Error('no database')) });
    await expect(fail()).rejects.toThrow('no database');
    await ask(cache, 1);
    await expect(Promise.allSettled([fail(), fail()])).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(await ask(cache, 1, 2)).toMatchObject({ version: 2 });
    expect(brought).toEqual(['1: nothing to 1', '1: 1 to 2']);
  });

  it('go when nobody has asked for an hour, and at once when the shop is forgotten', async () => {
    vi.useFakeTimers();
    const cache = cacheOf(100);
    await ask(cache, 1);
    vi.advanceTimersByTime(59 * MINUTE_MS);
    await ask(cache, 1);
    vi.advanceTimersByTime(59 * MINUTE_MS);
    await ask(cache, 1);
    expect(brought).toHaveLength(1);
    vi.advanceTimersByTime(61 * MINUTE_MS);
    await ask(cache, 1);
    expect(brought).toHaveLength(2);
    cache.forget(1);
    await ask(cache, 1);
    expect(brought).toHaveLength(3);
  });
});
