import { proportionHalfUp } from '../../money/proportion-half-up.ts';
import { assessOrder, deriveOrderValue, withoutGoodsTax } from '../../retention/metrics/order-value.ts';
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
  /** What its lines came to before discounts, with their tax where prices contain it. */
  readonly originalMinor: number;
  /** The same of what is left of them after returns and edits. */
  readonly currentOriginalMinor: number;
  /** What codes took off its shipping, with its tax where prices contain it; null: not known. */
  readonly shippingCodeDiscountMinor: number | null;
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
  /** Of the orders of which it is known; null where it is of none of them. */
  readonly costMinor: number | null;
  /** Of the same orders. Null where the cost is, and where the merchant has not said their gross margin. */
  readonly marginMinor: number | null;
  /** Orders with free shipping of which it is not known what shipping would have come to. */
  readonly unknownCosts: number;
}

export interface ResultSums {
  readonly rules: readonly RuleResult[];
  /** Uses in another currency than the shop's: no rate is known, so they are counted and in no amount. */
  readonly inOtherCurrency: number;
}

interface Sums {
  used: number;
  revenueMinor: number;
  /** Of the goods, without tax and shipping: what came in, and what they would have come to. */
  goodsMinor: number;
  listMinor: number;
  /** What the offer took off the goods, and off the shipping. */
  discountMinor: number;
  shippingMinor: number;
  knownCosts: number;
  unknownCosts: number;
}

const NOTHING: Readonly<Sums> = {
  ...{ used: 0, revenueMinor: 0, goodsMinor: 0, listMinor: 0 },
  ...{ discountMinor: 0, shippingMinor: 0, knownCosts: 0, unknownCosts: 0 },
};

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

  add(use: OfferUse): void {
    const { ruleId, grantKind, currency, facts } = use;
    const { preset, value } = this.#counting;
    const verdict = assessOrder(facts, preset, value);
    if (!verdict.counts) return;
    const sums = this.#byRule.get(ruleId) ?? { ...NOTHING };
    this.#byRule.set(ruleId, sums);
    sums.used += 1;
    if (currency !== this.#currency) {
      this.#inOtherCurrency += 1;
      return;
    }
    sums.revenueMinor += verdict.valueMinor;
    const isShipping = grantKind === 'free-shipping';
    const { shippingCodeDiscountMinor: shippingMinor } = use;
    if (isShipping && shippingMinor === null) {
      sums.unknownCosts += 1;
      return;
    }
    sums.knownCosts += 1;
    const isBeforeRefunds = value === 'goodsBeforeRefunds' || value === 'totalBeforeRefunds';
    const goods = isBeforeRefunds ? goodsAsBought(use) : goodsThatStayed(use);
    sums.goodsMinor += goods.goodsMinor;
    sums.listMinor += goods.listMinor;
    // Each order has one code on its shipping, and what came off its goods then was another's. A parcel that was sent for
    // nothing stays so when the goods come back.
    if (isShipping) sums.shippingMinor += withoutGoodsTax(facts, shippingMinor ?? 0);
    else sums.discountMinor += goods.discountMinor;
  }

  result(given: readonly OffersGiven[], grossMarginBasisPoints: number | null): ResultSums {
    return { rules: given.map((one) => this.#resultOf(one, grossMarginBasisPoints)), inOtherCurrency: this.#inOtherCurrency };
  }

  #resultOf({ ruleId, codes, credits, creditMinor }: OffersGiven, grossMarginBasisPoints: number | null): RuleResult {
    const sums = this.#byRule.get(ruleId) ?? NOTHING;
    const isKnown = sums.unknownCosts === 0 || sums.knownCosts > 0 || credits > 0;
    const costMinor = isKnown ? sums.discountMinor + sums.shippingMinor + creditMinor : null;
    const hasCodes = codes > 0;
    return {
      ruleId,
      ...{ given: codes + credits, codes },
      used: hasCodes ? sums.used : null,
      revenueMinor: hasCodes ? sums.revenueMinor : null,
      costMinor,
      marginMinor: hasCodes && costMinor !== null && grossMarginBasisPoints !== null ? marginOf(sums, grossMarginBasisPoints) - sums.shippingMinor - creditMinor : null,
      unknownCosts: sums.unknownCosts,
    };
  }
}

type Goods = Pick<Sums, 'goodsMinor' | 'discountMinor' | 'listMinor'>;

function goodsAsBought({ facts, originalMinor }: OfferUse): Goods {
  const goodsMinor = deriveOrderValue(facts, 'goodsBeforeRefunds');
  const discountMinor = withoutGoodsTax(facts, Math.max(0, originalMinor - (facts.subtotalMinor ?? originalMinor)));
  return { goodsMinor, discountMinor, listMinor: goodsMinor + discountMinor };
}

/** Goods that came back took their share of the discount with them; money that went back without goods leaves them gone. */
function goodsThatStayed({ facts, currentOriginalMinor }: OfferUse): Goods {
  const { currentSubtotalMinor } = facts;
  return {
    goodsMinor: deriveOrderValue(facts, 'goods'),
    discountMinor: withoutGoodsTax(facts, Math.max(0, currentOriginalMinor - currentSubtotalMinor)),
    listMinor: withoutGoodsTax(facts, Math.max(currentOriginalMinor, currentSubtotalMinor)),
  };
}

/**
 * What the goods cost stays the same when they are sold for less: it is a part of what they would have come to without the
 * offer. A margin of what came in after the offer would take a part of the discount from that cost.
 */
function marginOf({ goodsMinor, listMinor }: Sums, grossMarginBasisPoints: number): number {
  return goodsMinor - proportionHalfUp(listMinor, BASIS_POINTS - grossMarginBasisPoints, BASIS_POINTS);
}
