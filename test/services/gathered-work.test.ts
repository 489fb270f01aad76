import { expect, it } from 'vitest';

import { GatheredWork } from '#app/services/gathered-work.server.ts';

interface Ask {
  readonly key: string;
  readonly lane: string;
}

interface Turn {
  readonly asks: readonly Ask[];
  readonly end: (answers?: ReadonlyMap<Ask, string | Promise<string>>) => void;
  readonly fail: (error: Error) => void;
}

/** Work whose turns end when the test says so. */
function gather(): { work: GatheredWork<Ask, string>; turns: Turn[]; idle: () => number } {
  const turns: Turn[] = [];
  let idle = 0;
  const work = new GatheredWork<Ask, string>({
    work: (asks) =>
      new Promise((resolve, fail) => {
        turns.push({ asks, fail, end: (answers = new Map(asks.map((ask) => [ask, ask.key]))) => resolve(answers) });
      }),
    keyOf: ({ key }) => key,
    laneOf: ({ lane }) => lane,
    onIdle: () => (idle += 1),
  });
  return { work, turns, idle: () => idle };
}

const ask = (key: string, lane = key): Ask => ({ key, lane });
const keysOf = (turn: Turn | undefined): string[] => (turn?.asks ?? []).map(({ key }) => key);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('goes at once while nobody else asks, two turns at a time, and all who waited go together', async () => {
  const { work, turns, idle } = gather();
  const answers = ['a', 'b', 'c', 'd', 'e'].map((key) => work.ask(ask(key)));
  expect(turns.map(keysOf)).toEqual([['a'], ['b']]);
  turns[0]?.end();
  await settled();
  expect(turns.map(keysOf)).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
  for (const turn of turns) turn.end();
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd', 'e']);
  await settled();
  expect(idle()).toBe(1);
});

it('takes a key once a turn, and a lane not before all of it is answered', async () => {
  const { work, turns } = gather();
  void work.ask(ask('one', 'hot'));
  void work.ask(ask('two', 'hot'));
  void work.ask(ask('three', 'cold'));
  void work.ask(ask('three', 'warm'));
  expect(turns.map(keysOf)).toEqual([['one'], ['three']]);
  let free = (_: string): void => {};
  turns[0]?.end(new Map(turns[0].asks.map((each) => [each, new Promise<string>((resolve) => (free = resolve))])));
  await settled();
  // The turn is over, and somebody of the hot lane still waits for their answer.
  expect(turns.map(keysOf)).toEqual([['one'], ['three'], ['three']]);
  turns[1]?.end();
  await settled();
  expect(turns).toHaveLength(3);
  free('at last');
  await settled();
  expect(turns.map(keysOf)).toEqual([['one'], ['three'], ['three'], ['two']]);
});

it('fails all of a turn that fails, and goes on', async () => {
  const { work, turns } = gather();
  const failed = work.ask(ask('a'));
  turns[0]?.fail(new Error('the database is gone'));
  await expect(failed).rejects.toThrow('the database is gone');
  const next = work.ask(ask('a'));
  turns[1]?.end();
  expect(await next).toBe('a');
});

it('says so when something was not answered', async () => {
  const { work, turns } = gather();
  const forgotten = work.ask(ask('a'));
  turns[0]?.end(new Map());
  await expect(forgotten).rejects.toThrow('not answered');
});
