import type { Runtime } from '#app/runtime.server.ts';

type Clock = Pick<Runtime, 'monotonicMs' | 'wait'>;

/** What an answer of the Admin API says of its cost and of the store's bucket, in points. */
export interface PointFacts {
  /** What the bucket must hold for the call to be run. */
  requested: number;
  /** What it really took; null when it was not run. */
  actual: number | null;
  available: number;
  maximum: number;
  restorePerSecond: number;
}

interface CallCost {
  requested: number;
  actual: number;
}

// A kind of call that was never answered is taken for a middling one.
const UNKNOWN_COST: CallCost = { requested: 100, actual: 50 };
// Left to the other processes: each of them knows of the others' calls only by the figures in its own next answer.
const LEFT_FREE_SHARE = 0.05;
// What others take is judged by about so long; they never leave us less than this share of what is restored.
const OTHERS_MEMORY_MS = 5_000;
const LEAST_OURS = 0.2;
const MAX_WAITS = 8;
const MAX_KINDS = 2_000;
const MAX_IDLE_PACERS = 1_000;

/**
 * Lets the calls of this process to one store go, first come first served, when the store's bucket will have their
 * points: by the figures of the last answer, what was restored since, what others were seen to take, and what our own
 * calls under way will. Those figures are all there is to go by, since web and worker share a bucket without knowing of
 * each other; what is refused all the same is waited out by the caller.
 */
export class PointPacer {
  readonly #clock: Clock;
  readonly #costs: Map<string, CallCost>;
  #bucket: (PointFacts & { atMs: number }) | null = null;
  /** What calls of ours that are under way are expected to take. */
  #underWay = 0;
  #waiting = 0;
  #pausedUntilMs = 0;
  /** Points that left the bucket without us, those of long ago forgotten. */
  #takenByOthers = 0;
  /** Ends when the call before may go. */
  #before: Promise<void> = Promise.resolve();

  constructor(clock: Clock, costs: Map<string, CallCost>) {
    this.#clock = clock;
    this.#costs = costs;
  }

  /** How long Shopify has told us to ask nothing. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#clock.monotonicMs());
  }

  get isIdle(): boolean {
    const isFull = this.#bucket === null || this.#available(this.#bucket) >= this.#bucket.maximum;
    return this.#underWay === 0 && this.#waiting === 0 && this.pauseMs === 0 && isFull;
  }

  pauseFor(milliseconds: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.monotonicMs() + milliseconds);
  }

  /**
   * Waits for the turn of a call; the caller ends it with `leave`, whatever came of it.
   * @param kind calls of one kind cost about the same
   */
  async enter(kind: string, atLeastMs = 0): Promise<PointTurn> {
    this.#waiting += 1;
    const admitted = this.#before.then(() => this.#admit(kind, atLeastMs));
    this.#before = admitted.then(() => undefined, () => undefined);
    const cost = await admitted.finally(() => {
      this.#waiting -= 1;
    });
    return {
      note: (facts) => this.#learn(kind, facts, cost.actual),
      leave: () => {
        this.#underWay -= cost.actual;
      },
    };
  }

  async #admit(kind: string, atLeastMs: number): Promise<CallCost> {
    const cost = this.#costs.get(kind) ?? UNKNOWN_COST;
    // Again after each wait, because an answer that came meanwhile tells more; but not for ever.
    for (let waits = 0, leastMs = atLeastMs; waits < MAX_WAITS; waits += 1, leastMs = 0) {
      const waitMs = Math.ceil(Math.max(leastMs, this.#shortfallMs(cost.requested), this.pauseMs));
      if (waitMs <= 0) break;
      await this.#clock.wait(waitMs);
    }
    this.#underWay += cost.actual;
    return cost;
  }

  /** How long until the bucket holds this much beside what is under way and what is left free. */
  #shortfallMs(points: number): number {
    const bucket = this.#bucket;
    if (!bucket) return 0;
    const needed = Math.min(bucket.maximum, points + bucket.maximum * LEFT_FREE_SHARE);
    return ((needed + this.#underWay - this.#available(bucket)) / this.#restorePerMs(bucket));
  }

  #available(bucket: PointFacts & { atMs: number }): number {
    const sinceMs = this.#clock.monotonicMs() - bucket.atMs;
    return Math.min(bucket.maximum, bucket.available + sinceMs * this.#restorePerMs(bucket));
  }

  /** What is restored for us: others take their part of it. */
  #restorePerMs({ restorePerSecond }: PointFacts): number {
    const ours = Math.max(restorePerSecond * LEAST_OURS, restorePerSecond - (this.#takenByOthers / OTHERS_MEMORY_MS) * 1000);
    return ours / 1000;
  }

  #learn(kind: string, facts: PointFacts, expectedActual: number): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#bucket) {
      const sinceMs = nowMs - this.#bucket.atMs;
      const restored = this.#bucket.available + (sinceMs / 1000) * facts.restorePerSecond;
      // Our other calls under way may be paid for already.
      const ours = (facts.actual ?? 0) + Math.max(0, this.#underWay - expectedActual);
      const taken = Math.max(0, Math.min(facts.maximum, restored) - ours - facts.available);
      this.#takenByOthers = this.#takenByOthers * Math.exp(-sinceMs / OTHERS_MEMORY_MS) + taken;
    }
    this.#bucket = { ...facts, atMs: nowMs };
    const known = this.#costs.get(kind);
    if (!known && this.#costs.size >= MAX_KINDS) this.#costs.clear();
    // Answers differ in how much they find: the mean follows them.
    const actual = facts.actual === null ? (known?.actual ?? facts.requested) : known ? (known.actual + facts.actual) / 2 : facts.actual;
    this.#costs.set(kind, { requested: facts.requested, actual });
  }
}

export interface PointTurn {
  note(facts: PointFacts): void;
  leave(): void;
}

/** The pacers of this process, one a store. What a kind of call costs is the same in every store. */
export class PointPacers {
  readonly #clock: Clock;
  readonly #costs = new Map<string, CallCost>();
  readonly #byDomain = new Map<string, PointPacer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(domain: string): PointPacer {
    const known = this.#byDomain.get(domain);
    if (known) return known;
    if (this.#byDomain.size >= MAX_IDLE_PACERS) this.#forgetIdle();
    const pacer = new PointPacer(this.#clock, this.#costs);
    this.#byDomain.set(domain, pacer);
    return pacer;
  }

  /** A full bucket is what a new pacer takes for granted. */
  #forgetIdle(): void {
    for (const [domain, pacer] of this.#byDomain) if (pacer.isIdle) this.#byDomain.delete(domain);
  }
}
