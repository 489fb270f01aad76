/** Points of one app on one store: the size that a live Standard shop shows. */
export const maximumAvailable = 2000;
export const restoreRatePerSecond = 100;
/** No single query may ask for more than this, whatever is left in the bucket. */
export const maximumQueryCost = 1000;

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** A leaky bucket in real time, untouched by the simulated clock. */
export class LeakyBucket {
  #available = maximumAvailable;
  #filledAtMs: number;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#filledAtMs = nowMs();
  }

  canAfford(points: number): boolean {
    this.#refill();
    return this.#available >= points;
  }

  take(points: number): void {
    this.#refill();
    this.#available = Math.max(0, this.#available - points);
  }

  /** As if somebody else of the same app had used all of it. */
  drain(leaving = 0): void {
    this.#refill();
    this.#available = Math.min(this.#available, leaving);
  }

  /** As if nobody had asked anything for a while. */
  fill(): void {
    this.#available = maximumAvailable;
  }

  status(): ThrottleStatus {
    this.#refill();
    return {
      maximumAvailable,
      currentlyAvailable: Math.floor(this.#available),
      restoreRate: restoreRatePerSecond,
    };
  }

  #refill(): void {
    const nowMs = this.#nowMs();
    const restored = ((nowMs - this.#filledAtMs) / 1000) * restoreRatePerSecond;
    this.#available = Math.min(maximumAvailable, this.#available + restored);
    this.#filledAtMs = nowMs;
  }
}
