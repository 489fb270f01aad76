import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { WorkLoop, type WorkItem } from '#app/jobs/work-loop.server.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
const pools: pg.Pool[] = [];
const loops: WorkLoop[] = [];
let nextShopId = 1;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});

afterAll(() => database.drop());

const item = (work: WorkItem['work'], shopId = (nextShopId += 1)): WorkItem => ({ work, shopId, domain: `${shopId}.myshopify.com` });

interface Loop {
  loop: WorkLoop;
  errors: unknown[];
}

/** A loop with connections of its own, as of another process. */
function startLoop(items: WorkItem[], handle: (item: WorkItem) => Promise<void>, options: { stopDeadlineMs?: number } = {}): Loop {
  const pool = new pg.Pool({ connectionString: database.url, max: 6 });
  pool.on('error', () => {});
  const errors: unknown[] = [];
  const loop = new WorkLoop({
    pool,
    monotonicMs: () => performance.now(),
    loadWork: async () => [...items],
    handle: async (each) => {
      await handle(each);
      return { pauseMs: 0 };
    },
    onError: (_item, error) => errors.push(error),
    stopDeadlineMs: 200,
    ...options,
  });
  pools.push(pool);
  loops.push(loop);
  loop.start();
  return { loop, errors };
}

/** A piece of work that ends when it is told to. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('workers side by side', () => {
  it('have the work of one kind for one shop one at a time, and other work beside it', async () => {
    const items = [item('webhooks'), item('import'), item('offer-codes'), item('webhooks')];
    const busy = new Map<WorkItem, number>();
    const done = new Map<WorkItem, number>();
    let most = 0;
    const [first] = items;
    const doneBeside = () => items.reduce((sum, each) => sum + (each === first ? 0 : (done.get(each) ?? 0)), 0);
    const handle = async (each: WorkItem) => {
      busy.set(each, (busy.get(each) ?? 0) + 1);
      most = Math.max(most, busy.get(each) ?? 0);
      const doneBefore = doneBeside();
      // The first does not end before something else was done beside it.
      await (each === first ? until(doneBeside, (count) => count > doneBefore) : new Promise((resolve) => setImmediate(resolve)));
      busy.set(each, (busy.get(each) ?? 0) - 1);
      done.set(each, (done.get(each) ?? 0) + 1);
    };
    for (let process = 0; process < 3; process += 1) startLoop(items, handle);
    await until(() => items.every((each) => (done.get(each) ?? 0) >= 3), Boolean);
    expect(most).toBe(1);
  });

  it('leave alone what one of them is at, however long, and take it up after', async () => {
    const [held, other] = [item('import'), item('webhooks')];
    const { opened, open } = gate();
    const bySecond: WorkItem[] = [];
    let isHeld = false;
    startLoop([held], async () => {
      isHeld = true;
      await opened;
    });
    await until(() => isHeld, Boolean);
    startLoop([held, other], async (each) => void bySecond.push(each));
    await until(() => bySecond.filter((each) => each === other).length, (turns) => turns >= 3);
    expect(bySecond).not.toContain(held);
    open();
    await until(() => bySecond, (done) => done.includes(held));
  });

  it('take up what one of them lost with its connection', async () => {
    const lost = item('import');
    const { opened, open } = gate();
    const handlers: string[] = [];
    const first = startLoop([lost], async () => {
      handlers.push('first');
      await opened;
    });
    await until(() => handlers.length, (count) => count === 1);
    startLoop([lost], async () => void handlers.push('second'));
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const { rowCount } = await owner.query(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted",
      [lost.shopId],
    );
    await owner.end();
    expect(rowCount).toBe(1);
    await until(() => handlers, (names) => names.includes('second'));
    open();
    await first.loop.stop();
    expect(first.errors).toEqual([]);
  });
});

describe('a worker', () => {
  it('leaves failing work alone for longer each time', async () => {
    const at: number[] = [];
    const { errors } = startLoop([item('webhooks')], async () => {
      at.push(performance.now());
      throw new Error('not yet');
    });
    await until(() => at.length, (count) => count === 3, 8_000);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(1_000);
    expect(gaps[1]).toBeGreaterThanOrEqual(2_000);
    expect(errors.length).toBeGreaterThanOrEqual(2);
  });

  it('serves a shop although others fail', async () => {
    const good = item('webhooks');
    let served = 0;
    startLoop([...Array.from({ length: 6 }, () => item('webhooks')), good], async (each) => {
      if (each !== good) throw new Error('broken');
      served += 1;
    });
    await until(() => served, (count) => count >= 2);
  });

  it('hands out codes and takes webhooks while histories of many shops are stored for long', async () => {
    const { opened, open } = gate();
    const served: string[] = [];
    const imports = Array.from({ length: 5 }, () => item('import'));
    startLoop([...imports, item('webhooks'), item('offer-codes')], async ({ work }) => {
      served.push(work);
      if (work === 'import') await opened;
    });
    await until(() => served, (kinds) => kinds.includes('webhooks') && kinds.includes('offer-codes'), 2_000);
    open();
  });

  it('hands out codes of one shop while those of another hang', async () => {
    const { opened, open } = gate();
    const [slow, quick] = [item('offer-codes'), item('offer-codes')];
    let served = 0;
    startLoop([slow, quick], async (each) => {
      if (each === slow) await opened;
      else served += 1;
    });
    await until(() => served, (count) => count > 0, 2_000);
    open();
  });

  it('gives every shop its turn when all have more than enough to do', async () => {
    const shops = Array.from({ length: 7 }, () => item('webhooks'));
    const served = new Map<number, number>();
    startLoop(shops, async ({ shopId }) => void served.set(shopId, (served.get(shopId) ?? 0) + 1));
    await until(() => served.size, (size) => size === shops.length);
    // One more than its turn, for a shop whose first turn was still under way.
    expect(Math.max(...served.values())).toBeLessThanOrEqual(2);
  });

  it('goes on looking when a look fails', async () => {
    let looks = 0;
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    let handled = 0;
    const loop = new WorkLoop({
      pool,
      monotonicMs: () => performance.now(),
      loadWork: async () => {
        looks += 1;
        if (looks === 1) throw new Error('no database');
        return [item('webhooks')];
      },
      handle: async () => {
        handled += 1;
        return { pauseMs: 0 };
      },
      onError: () => {},
    });
    pools.push(pool);
    loops.push(loop);
    loop.start();
    await until(() => handled, (count) => count > 0);
  });
});

it('takes up at once what failed while the database was away', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 6 });
  pools.push(pool);
  const work = item('webhooks');
  let isAway = false;
  const turns: number[] = [];
  const loop = new WorkLoop({
    pool,
    monotonicMs: () => performance.now(),
    loadWork: async () => {
      if (isAway) throw new Error('the database is away');
      return [work];
    },
    handle: async () => {
      turns.push(performance.now());
      // The third failure would have it rest for four seconds.
      if (turns.length === 3) isAway = true;
      if (turns.length <= 3) throw new Error('the connection was lost');
      return { pauseMs: 0 };
    },
    onError: () => {},
    stopDeadlineMs: 200,
  });
  loops.push(loop);
  loop.start();
  await until(() => isAway, Boolean, 10_000);
  const lookedAtMs = performance.now();
  await until(() => loop.msSinceLook() < performance.now() - lookedAtMs, Boolean);
  isAway = false;
  const backAtMs = performance.now();
  await until(() => turns.length, (count) => count > 3);
  expect((turns[3] ?? 0) - backAtMs).toBeLessThan(2_000);
});

describe('by a clock that only the test moves, a worker', () => {
  /** `turn` is told which one it is, from 1, and says for how long to leave the work alone. */
  function startTimed(items: WorkItem[], turn: (number: number) => Promise<{ pauseMs: number }>) {
    const pool = new pg.Pool({ connectionString: database.url, max: 6 });
    const told = { nowMs: 0, looks: 0, turns: 0, errors: 0 };
    const loop = new WorkLoop({
      pool,
      monotonicMs: () => told.nowMs,
      loadWork: async () => {
        told.looks += 1;
        return [...items];
      },
      handle: async () => turn((told.turns += 1)),
      onError: () => (told.errors += 1),
      stopDeadlineMs: 200,
    });
    pools.push(pool);
    loops.push(loop);
    loop.start();
    return told;
  }

  /** Enough for whatever a look begins to have begun. */
  const fewLooks = (told: { looks: number }, before = told.looks) => until(() => told.looks, (looks) => looks >= before + 3);

  it('leaves failing work alone for a minute at most, and for a second again once it has come through', async () => {
    const comesThrough = 9;
    const told = startTimed([item('webhooks')], async (number) => {
      if (number !== comesThrough) throw new Error('not yet');
      return { pauseMs: 0 };
    });
    for (const [index, seconds] of [1, 2, 4, 8, 16, 32, 60, 60, 1].entries()) {
      await until(() => told.errors, (errors) => errors === index + 1);
      told.nowMs += seconds * 1_000;
    }
    await until(() => told.errors, (errors) => errors === 10);
  });

  it('leaves work alone for as long as its turn said, although it is due', async () => {
    const told = startTimed([item('reconcile')], async () => ({ pauseMs: 10_000 }));
    await until(() => told.turns, (turns) => turns > 0);
    await fewLooks(told);
    expect(told.turns).toBe(1);
    await until(() => {
      told.nowMs += 10_000;
      return told.turns;
    }, (turns) => turns > 1);
  });

  it('stores the histories of two shops at once and of no more, so that connections are left', async () => {
    const { opened, open } = gate();
    const told = startTimed(Array.from({ length: 5 }, () => item('import')), async () => {
      await opened;
      return { pauseMs: 60_000 };
    });
    await until(() => told.turns, (turns) => turns >= 2);
    await fewLooks(told);
    expect(told.turns).toBe(2);
    open();
    await until(() => told.turns, (turns) => turns === 5);
  });
});

describe('stopping', () => {
  it('waits for what is under way and begins nothing new', async () => {
    const { opened, open } = gate();
    let begun = 0;
    const { loop } = startLoop(
      [item('webhooks'), item('import')],
      async () => {
        begun += 1;
        await opened;
      },
      { stopDeadlineMs: 5_000 },
    );
    await until(() => begun, (count) => count === 2);
    let isStopped = false;
    const stopping = loop.stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    open();
    await stopping;
    expect(begun).toBe(2);
  });

  it('does not wait for ever', async () => {
    const { opened, open } = gate();
    let begun = 0;
    const { loop } = startLoop([item('import')], async () => {
      begun += 1;
      await opened;
    });
    await until(() => begun, (count) => count === 1);
    const startedAt = performance.now();
    await loop.stop();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    open();
  });
});
