import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import { assessOrder } from '../../retention/metrics/order-value.ts';
import type { OrderCounting, OrderFacts } from '../../retention/metrics/order-value.ts';
import type { OfferGrant } from '../offer-rule.ts';

const BASIS_POINTS = 10_000;

/** What a rule gave so far. */
export interface OffersGiven {
  readonly ruleId: string;
  readonly codes: number;
  readonly credits: number;
  /** Of credits in the shop's currency. */
  readonly creditMinor: number;
}

/** An order that a code of a rule was used on. */
export interface OfferUse {
  readonly ruleId: string;
  readonly grantKind: Exclude<OfferGrant['kind'], 'store-credit'>;
  readonly currency: string;
  readonly facts: OrderFacts;
  /** What its lines came to before discounts. */
  readonly originalMinor: number;
}

/** What came of a rule. Amounts are minor units of the shop's currency. */
export interface RuleResult {
  readonly ruleId: string;
  /** Codes, and store credit. */
  readonly given: number;
  /** Of these, codes: store credit is used where nobody tells. */
  readonly codes: number;
  /** Orders that count with one of its codes; null for a rule that gave none. */
  readonly used: number | null;
  readonly revenueMinor: number | null;
  /** Null where free shipping is part of it: what that cost is in no order of ours. */
  readonly costMinor: number | null;
  /** Null where the cost is, and where the merchant has not said their gross margin. */
  readonly marginMinor: number | null;
}

export interface ResultSums {
  readonly rules: readonly RuleResult[];
  /** Uses in another currency than the shop's: no rate is known, so they are counted and in no amount. */
  readonly inOtherCurrency: number;
}

interface Sums {
  used: number;
  revenueMinor: number;
  discountMinor: number;
  hasFreeShipping: boolean;
}

/**
 * Adds up what rules gave and what it was used for. Every amount is of the same orders: those that count, with a code of the
 * rule. Their number over that of the codes is the redemption rate.
 */
export class OfferResultSums {
  readonly #currency: string;
  readonly #counting: OrderCounting;
  readonly #byRule = new Map<string, Sums>();
  #inOtherCurrency = 0;

  constructor({ currency, counting }: { currency: string; counting: OrderCounting }) {
    this.#currency = currency;
    this.#counting = counting;
  }

  add({ ruleId, grantKind, currency, facts, originalMinor }: OfferUse): void {
    const verdict = assessOrder(facts, this.#counting.preset, this.#counting.value);
    if (!verdict.counts) return;
    const sums = this.#byRule.get(ruleId) ?? { used: 0, revenueMinor: 0, discountMinor: 0, hasFreeShipping: false };
    this.#byRule.set(ruleId, sums);
    sums.used += 1;
    if (grantKind === 'free-shipping') sums.hasFreeShipping = true;
    if (currency !== this.#currency) {
      this.#inOtherCurrency += 1;
      return;
    }
    sums.revenueMinor += verdict.valueMinor;
    sums.discountMinor += Math.max(0, originalMinor - (facts.subtotalMinor ?? originalMinor));
  }

  result(given: readonly OffersGiven[], grossMarginBasisPoints: number | null): ResultSums {
    return { rules: given.map((one) => this.#resultOf(one, grossMarginBasisPoints)), inOtherCurrency: this.#inOtherCurrency };
  }

  #resultOf({ ruleId, codes, credits, creditMinor }: OffersGiven, grossMarginBasisPoints: number | null): RuleResult {
    const sums = this.#byRule.get(ruleId) ?? { used: 0, revenueMinor: 0, discountMinor: 0, hasFreeShipping: false };
    const costMinor = sums.hasFreeShipping ? null : sums.discountMinor + creditMinor;
    const hasCodes = codes > 0;
    return {
      ruleId,
      ...{ given: codes + credits, codes },
      used: hasCodes ? sums.used : null,
      revenueMinor: hasCodes ? sums.revenueMinor : null,
      costMinor,
      marginMinor: hasCodes && costMinor !== null && grossMarginBasisPoints !== null ? marginOf(sums, grossMarginBasisPoints) - creditMinor : null,
    };
  }
}

/**
 * What the goods cost stays the same when they are sold for less, so the margin is of what the goods would have come to
 * without the offer, and the offer comes off that. Of revenue after the offer alone it would be taken off twice.
 */
function marginOf({ revenueMinor, discountMinor }: Sums, grossMarginBasisPoints: number): number {
  return proportionHalfUp(revenueMinor + discountMinor, grossMarginBasisPoints, BASIS_POINTS) - discountMinor;
}
