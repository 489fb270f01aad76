import { describe, expect, it } from 'vitest';

import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';

function counting() {
  const loaded: string[] = [];
  const load = (name: string) => () => {
    loaded.push(name);
    return Promise.resolve(name);
  };
  return { loaded, load };
}

describe('the columns kept in memory', () => {
  it('are loaded once for each state of a shop’s data', async () => {
    const { loaded, load } = counting();
    const cache = new ColumnsCache<string>({ shops: 2 });
    expect(await cache.get(1, 'v1', load('first'))).toBe('first');
    expect(await cache.get(1, 'v1', load('again'))).toBe('first');
    expect(await cache.get(1, 'v2', load('changed'))).toBe('changed');
    expect(loaded).toEqual(['first', 'changed']);
  });

  it('are loaded once for requests that come at the same time', async () => {
    const { loaded, load } = counting();
    const cache = new ColumnsCache<string>({ shops: 2 });
    await Promise.all([cache.get(1, 'v1', load('one')), cache.get(1, 'v1', load('two'))]);
    expect(loaded).toEqual(['one']);
  });

  it('never pass from one shop to another', async () => {
    const { load } = counting();
    const cache = new ColumnsCache<string>({ shops: 2 });
    await cache.get(1, 'v1', load('one'));
    expect(await cache.get(2, 'v1', load('two'))).toBe('two');
  });

  it('make room by the shop that was not asked for the longest', async () => {
    const { loaded, load } = counting();
    const cache = new ColumnsCache<string>({ shops: 2 });
    await cache.get(1, 'v', load('one'));
    await cache.get(2, 'v', load('two'));
    await cache.get(1, 'v', load('one again'));
    await cache.get(3, 'v', load('three'));
    await cache.get(1, 'v', load('one still'));
    await cache.get(2, 'v', load('two again'));
    expect(loaded).toEqual(['one', 'two', 'three', 'two again']);
  });

  it('forget a failure, so that the next request tries again', async () => {
    const { load } = counting();
    const cache = new ColumnsCache<string>({ shops: 2 });
    await expect(cache.get(1, 'v', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(await cache.get(1, 'v', load('later'))).toBe('later');
  });
});
