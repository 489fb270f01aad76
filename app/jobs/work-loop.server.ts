import type pg from 'pg';

import type { WorkKind } from '#app/adapters/db/shop-registry.server.ts';
import { trySessionLock } from '#app/adapters/db/session-lock.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { Runtime } from '#app/runtime.server.ts';

const POLL_MS = 300;
// Each kind has places of its own: a history that is stored for minutes must not keep a shopper's code waiting.
// A place holds a connection for its lock and needs others for its work, so all of them together, with the two that
// refresh tokens, must leave some of the pool's twenty free.
const PLACES: Readonly<Record<WorkKind, number>> = {
  webhooks: 2,
  import: 2,
  'offer-codes': 2,
  reconcile: 1,
  upkeep: 1,
  'segment-writes': 1,
  awards: 1,
  'member-time': 1,
  redemptions: 1,
  traces: 1,
  'account-invites': 1,
  gifts: 1,
  'offer-pool': 1,
  'past-awards': 1,
};
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;
const STOP_DEADLINE_MS = 5_000;
// A look is one small statement. When the database has gone without a word, the answer never comes.
const LOOK_DEADLINE_MS = 10_000;
// First half of a two-part advisory lock, one for each kind of work; the shop is the second.
const WORK_LOCKS: Readonly<Record<WorkKind, number>> = {
  webhooks: 0x77_00_01,
  import: 0x77_00_02,
  'offer-codes': 0x77_00_03,
  reconcile: 0x77_00_04,
  upkeep: 0x77_00_05,
  'segment-writes': 0x77_00_06,
  awards: 0x77_00_07,
  'member-time': 0x77_00_08,
  redemptions: 0x77_00_09,
  traces: 0x77_00_0a,
  'account-invites': 0x77_00_0b,
  gifts: 0x77_00_0c,
  'offer-pool': 0x77_00_0d,
  'past-awards': 0x77_00_0e,
};

export interface WorkItem extends ShopRef {
  work: WorkKind;
}

interface WorkLoopOptions {
  pool: pg.Pool;
  loadWork: () => Promise<WorkItem[]>;
  /** Does a piece of the work and says how long to leave it alone, although more may be waiting. */
  handle: (item: WorkItem) => Promise<{ pauseMs: number }>;
  onError: (item: WorkItem | null, error: unknown) => void;
  stopDeadlineMs?: number;
  lookDeadlineMs?: number;
  monotonicMs: Runtime['monotonicMs'];
}

/**
 * Looks for work in the tables that hold it (inbox, imports, codes, segments, points), so there is no second queue that could disagree
 * with them. One worker at a time has a shop's work of one kind, held by a session-level advisory lock: when a worker
 * is killed, PostgreSQL frees the lock with the connection, and the next look by any worker takes the work up again.
 */
export class WorkLoop {
  readonly #options: WorkLoopOptions;
  readonly #running = new Map<string, { work: WorkKind; ended: Promise<void> }>();
  readonly #resting = new Map<string, { untilMs: number; failures: number }>();
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #lastLookMs: number;
  /** The last look failed, so the database is away. */
  #isCutOff = false;

  constructor(options: WorkLoopOptions) {
    this.#options = options;
    this.#lastLookMs = options.monotonicMs();
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Since a look for work ended, well or not. It grows when the loop itself is stuck. */
  msSinceLook(): number {
    return this.#options.monotonicMs() - this.#lastLookMs;
  }

  start(): void {
    void this.#look();
  }

  /** Takes nothing new and waits for what is under way, but not for ever: a longer piece is safe to cut. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    let deadline: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, this.#options.stopDeadlineMs ?? STOP_DEADLINE_MS);
    });
    await Promise.race([Promise.all([...this.#running.values()].map((run) => run.ended)), tooLong]);
    clearTimeout(deadline);
  }

  async #look(): Promise<void> {
    try {
      // Those whose rest after their last turn ended longest ago come first, so a shop with a backlog goes to the end
      // of the row after each turn. How long a turn may be is the handler's to bound.
      const restedAtMs = ({ work, shopId }: WorkItem) => this.#resting.get(`${work} ${shopId}`)?.untilMs ?? 0;
      const waiting = await withDeadline(this.#options.loadWork(), this.#options.lookDeadlineMs ?? LOOK_DEADLINE_MS);
      // What failed while the database was away failed for that: it need not rest as what failed by itself.
      if (this.#isCutOff) this.#resting.clear();
      this.#isCutOff = false;
      for (const item of waiting.sort((a, b) => restedAtMs(a) - restedAtMs(b))) this.#begin(item);
    } catch (error) {
      this.#isCutOff = true;
      this.#options.onError(null, error);
    }
    this.#lastLookMs = this.#options.monotonicMs();
    if (!this.#isStopping) this.#timer = setTimeout(() => void this.#look(), POLL_MS);
  }

  #begin(item: WorkItem): void {
    const key = `${item.work} ${item.shopId}`;
    const isResting = (this.#resting.get(key)?.untilMs ?? 0) > this.#options.monotonicMs();
    const taken = [...this.#running.values()].filter((run) => run.work === item.work).length;
    if (this.#isStopping || this.#running.has(key) || isResting || taken >= PLACES[item.work]) return;
    const ended = this.#run(key, item).finally(() => this.#running.delete(key));
    this.#running.set(key, { work: item.work, ended });
  }

  async #run(key: string, item: WorkItem): Promise<void> {
    try {
      const lock = [WORK_LOCKS[item.work], item.shopId] as const;
      // Undefined when another worker has the lock.
      const pauseMs = await trySessionLock(this.#options.pool, lock, async () => (await this.#options.handle(item)).pauseMs);
      this.#resting.set(key, { untilMs: this.#options.monotonicMs() + (pauseMs ?? POLL_MS), failures: 0 });
    } catch (error) {
      const failures = (this.#resting.get(key)?.failures ?? 0) + 1;
      const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
      this.#resting.set(key, { untilMs: this.#options.monotonicMs() + backoffMs, failures });
      this.#options.onError(item, error);
    }
  }
}

/** Without it one answer that never comes would end the looking for good. What it stood for is left to its own limits. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer to a look for work within ${deadlineMs} ms`)), deadlineMs);
  });
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}
