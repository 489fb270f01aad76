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
// A pause that was prolonged while we waited is waited for too, but not for ever.
const MAX_PAUSES = 8;
const MAX_KINDS = 2_000;
const MAX_IDLE_PACERS = 1_000;

/**
 * Lets the calls of this process to one store go when the store's bucket will have their points: by the figures of the
 * last answer, what was restored since, and what our own calls under way will take. Those figures are all there is to
 * go by, since web and worker share a bucket without knowing of each other; what is refused all the same is waited out
 * by the caller.
 */
export class PointPacer {
  readonly #clock: Clock;
  readonly #costs: Map<string, CallCost>;
  #bucket: (PointFacts & { atMs: number }) | null = null;
  /** What calls of ours that wait or are under way are expected to take. */
  #promised = 0;
  #pausedUntilMs = 0;

  constructor(clock: Clock, costs: Map<string, CallCost>) {
    this.#clock = clock;
    this.#costs = costs;
  }

  /** How long Shopify has told us to ask nothing. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#clock.monotonicMs());
  }

  get isIdle(): boolean {
    return this.#promised === 0 && this.pauseMs === 0 && this.#available() >= (this.#bucket?.maximum ?? 0);
  }

  pauseFor(milliseconds: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.monotonicMs() + milliseconds);
  }

  /**
   * Waits for the turn of a call; the caller ends it with `leave`, whatever came of it.
   * @param kind calls of one kind cost about the same
   */
  async enter(kind: string, atLeastMs = 0): Promise<PointTurn> {
    const cost = this.#costs.get(kind) ?? UNKNOWN_COST;
    const waitMs = Math.max(atLeastMs, this.#shortfallMs(cost.requested), this.pauseMs);
    this.#promised += cost.actual;
    if (waitMs > 0) await this.#clock.wait(Math.ceil(waitMs));
    for (let pauses = 0; pauses < MAX_PAUSES && this.pauseMs > 0; pauses += 1) {
      await this.#clock.wait(Math.ceil(this.pauseMs));
    }
    return {
      note: (facts) => this.#learn(kind, facts),
      leave: () => {
        this.#promised -= cost.actual;
      },
    };
  }

  /** How long until the bucket holds this much beside what is promised and left free. */
  #shortfallMs(points: number): number {
    if (!this.#bucket) return 0;
    const { maximum, restorePerSecond } = this.#bucket;
    const needed = Math.min(maximum, points + maximum * LEFT_FREE_SHARE);
    return Math.max(0, ((needed + this.#promised - this.#available()) / restorePerSecond) * 1000);
  }

  #available(): number {
    if (!this.#bucket) return 0;
    const { available, maximum, restorePerSecond, atMs } = this.#bucket;
    return Math.min(maximum, available + ((this.#clock.monotonicMs() - atMs) / 1000) * restorePerSecond);
  }

  #learn(kind: string, facts: PointFacts): void {
    this.#bucket = { ...facts, atMs: this.#clock.monotonicMs() };
    const known = this.#costs.get(kind);
    const expected = known?.actual ?? facts.requested;
    // Answers differ in how much they find: the mean follows them.
    const actual = facts.actual === null ? expected : known ? (known.actual + facts.actual) / 2 : facts.actual;
    if (!known && this.#costs.size >= MAX_KINDS) this.#costs.clear();
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
