import type { Program, TierLevel } from '../program/program.ts';
import type { TierFact } from './derive-tier-basis.ts';
import { findNextTierReviewMs, planTierChange } from './plan-tier-change.ts';
import type { TierDecision, TierReviewInput } from './plan-tier-change.ts';
import { tierAt } from './tier-at.ts';

/** A member's way through the tiers of one program, reviewed whenever something happens and whenever time may change it. */
export class ReviewedTierPath {
  readonly #program: Pick<Program, 'tiers'>;
  readonly #timeZone: string;
  readonly #facts: TierFact[] = [];
  readonly #changes: TierDecision[] = [];
  #dueMs: number | null = null;

  constructor(program: Pick<Program, 'tiers'>, timeZone: string) {
    this.#program = program;
    this.#timeZone = timeZone;
  }

  get changes(): readonly TierDecision[] {
    return this.#changes;
  }

  /** In rising order of when it is known: of an order that is refunded, later than it was placed. */
  note(fact: TierFact, nowMs = fact.atMs): void {
    this.#passTime(nowMs);
    this.#facts.push(fact);
    this.#review(nowMs);
  }

  levelAt(atMs: number): TierLevel | null {
    this.#passTime(atMs);
    return tierAt(this.#program, this.#changes, atMs);
  }

  #passTime(nowMs: number): void {
    while (this.#dueMs !== null && this.#dueMs <= nowMs) this.#review(this.#dueMs);
  }

  #review(atMs: number): void {
    const { tiers } = this.#program;
    if (tiers === null) return;
    const input = (): TierReviewInput => ({ tiers, changes: this.#changes, facts: this.#facts, atMs, timeZone: this.#timeZone });
    const change = planTierChange(input());
    if (change !== null) this.#changes.push(change);
    this.#dueMs = findNextTierReviewMs(input());
  }
}
