import { randomInt } from 'node:crypto';
import { seededRandom, type SeededRandom } from '../store/seeded-random.ts';
import type { Fault, FaultPlace, FaultPlan, FaultRule, FaultsByPlace } from './fault-rules.ts';

/** What a rule is asked about: an operation, a grant type, the root of a bulk query or a topic, of one store. */
export interface Occasion {
  name: string;
  shop: string | null;
}

export interface Struck extends Occasion {
  at: string;
  where: FaultPlace;
  kind: Fault['kind'];
}

interface AimedRule {
  rule: FaultRule;
  random: SeededRandom;
  matched: number;
  struck: number;
}

const logLength = 200;

/**
 * Decides, by rules and one seed, what goes wrong in the local Shopify. Each rule draws from a stream of its own, once
 * for each occasion that fits it, so that the same seed and the same occasions in a row give the same faults.
 */
export class FaultSchedule {
  readonly #now: () => Date;
  #seed = 0;
  #draws = seededRandom(0);
  #rules: AimedRule[] = [];
  #log: Struck[] = [];
  #counts = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  get seed(): number {
    return this.#seed;
  }

  /** True while there is no rule, so that a faultless run pays nothing. */
  get isQuiet(): boolean {
    return this.#rules.length === 0;
  }

  /** Replaces all rules and forgets what struck so far. A seed that is not given is drawn, and printed for a replay. */
  set({ seed, rules }: FaultPlan): void {
    this.#seed = seed ?? randomInt(2 ** 32);
    if (seed === undefined) process.stdout.write(`local Shopify: faults with the seed ${this.#seed}\n`);
    const root = seededRandom(this.#seed);
    this.#draws = root.fork('within');
    this.#rules = rules.map((rule, index) => ({ rule, random: root.fork(`rule ${index}`), matched: 0, struck: 0 }));
    this.#log = [];
    this.#counts = new Map();
  }

  clear(): void {
    this.set({ seed: this.#seed, rules: [] });
  }

  /** Everything that strikes on this occasion, in the order of the rules. */
  strike<Where extends FaultPlace>(where: Where, occasion: Occasion): FaultsByPlace[Where][] {
    const faults: FaultsByPlace[Where][] = [];
    for (const aimed of this.#rules) {
      if (aimed.rule.where !== where || !fits(aimed.rule, occasion) || !strikesNow(aimed)) continue;
      const choices: readonly Fault[] = Array.isArray(aimed.rule.what) ? aimed.rule.what : [aimed.rule.what];
      const fault = choices[aimed.random.between(0, choices.length - 1)];
      if (fault === undefined) continue;
      aimed.struck += 1;
      this.#note({ ...occasion, at: this.#now().toISOString(), where, kind: fault.kind });
      // A rule's faults are those of its place.
      faults.push(fault as FaultsByPlace[Where]);
    }
    return faults;
  }

  /** For what a fault does within itself, such as which lines of a file it spoils. */
  get draws(): SeededRandom {
    return this.#draws;
  }

  /** How often each kind struck: `graphql reset: 3`. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** How often any rule struck. */
  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Oldest first, the last few hundred. */
  log(): readonly Struck[] {
    return this.#log;
  }

  describe(): Record<string, unknown> {
    return {
      seed: this.#seed,
      rules: this.#rules.map(({ rule, matched, struck }) => ({ ...rule, matched, struck })),
      counts: this.counts(),
      log: this.#log.slice(-50),
    };
  }

  #note(struck: Struck): void {
    this.#log.push(struck);
    if (this.#log.length > logLength) this.#log.shift();
    const key = `${struck.where} ${struck.kind}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

function fits({ only, shop }: FaultRule, occasion: Occasion): boolean {
  return (only === undefined || only === occasion.name) && (shop === undefined || shop === occasion.shop);
}

function strikesNow(aimed: AimedRule): boolean {
  const { nth, first, share } = aimed.rule;
  aimed.matched += 1;
  // Drawn in any case, so that one limit more does not shift the rest.
  const isDrawn = share === undefined || aimed.random.chance(share);
  if (nth !== undefined && aimed.matched !== nth) return false;
  return isDrawn && (first === undefined || aimed.struck < first);
}
