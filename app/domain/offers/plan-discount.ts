import { decimalOfMinorUnits } from '../money/decimal-of-minor-units.ts';
import { dayOfInstant, startOfDay } from '../time/day-of-instant.ts';
import { MS_PER_HOUR, MS_PER_SECOND } from '../time/durations.ts';
import { formatInstant } from '../time/format-instant.ts';
import type { OfferGrant, OfferRule, OfferValidity } from './offer-rule.ts';

/** What a code can give. Store credit needs none. */
export type CodeGrant = Exclude<OfferGrant, { kind: 'store-credit' }>;

/** A rule whose offer is a code. */
export interface CodeRule extends OfferRule {
  readonly grant: CodeGrant;
}

/** The native discount that codes hang on. */
export interface DiscountPlan {
  /** The rule, its terms and its time: orders with the same key share one discount. */
  readonly discountKey: string;
  /** What the merchant reads in the list of discounts; no other discount of ours has the same. */
  readonly title: string;
  /** Null: whoever has a code may use it. From before rules: the only customer who may. */
  readonly customerId: bigint | null;
  /** Null: from before rules. */
  readonly ruleId: string | null;
  readonly grant: CodeGrant;
  readonly minimumSubtotalMinor: number;
  readonly currency: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

export interface OfferTime {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** Flash offers end four times a day in UTC, so that orders can share a discount. */
const FLASH_SLOT_MS = 6 * MS_PER_HOUR;

/** How long before its time the discount of the next orders is made. */
const AHEAD_MS = 2 * MS_PER_HOUR;

/**
 * The same for all orders of a day, or of a flash slot. Begun by then whenever the order is of it, by Shopify's clock or by
 * ours.
 *
 * @throws UnknownTimeZoneError
 */
export function planValidity(validity: OfferValidity, orderedAtMs: number, timeZone: string): OfferTime {
  if (validity.kind === 'hours') {
    const hoursMs = validity.hours * MS_PER_HOUR;
    const endsAtMs = Math.ceil((orderedAtMs + hoursMs) / FLASH_SLOT_MS) * FLASH_SLOT_MS;
    return { startsAtMs: endsAtMs - hoursMs - FLASH_SLOT_MS, endsAtMs };
  }
  const day = dayOfInstant(orderedAtMs, timeZone);
  // The last second of the day, as Shopify's own admin writes it, so that the date of the instant is the day.
  return { startsAtMs: startOfDay(day, timeZone), endsAtMs: startOfDay(day + validity.days + 1, timeZone) - MS_PER_SECOND };
}

/** Whether it is a flash offer's end: those of days are a second before a minute begins. */
export function isFlashEnd(endsAtMs: number): boolean {
  return endsAtMs % FLASH_SLOT_MS === 0;
}

export function isCodeRule(rule: OfferRule): rule is CodeRule {
  return rule.grant.kind !== 'store-credit';
}

export interface OfferPlace {
  readonly currency: string;
  readonly timeZone: string;
}

/**
 * The discount for the orders of an instant. Worked out from the order's time and not from now: the same whenever.
 *
 * @throws UnknownTimeZoneError, UnknownCurrencyError
 */
export function planDiscount(rule: CodeRule, orderedAtMs: number, { currency, timeZone }: OfferPlace): DiscountPlan {
  const { ruleId, grant, minimumSubtotalMinor } = rule;
  const { startsAtMs, endsAtMs } = planValidity(rule.validity, orderedAtMs, timeZone);
  const terms = `${termsOf(grant, currency)} from ${minimumSubtotalMinor} ${currency}`;
  return {
    discountKey: `rule:${ruleId}:${terms}:${formatInstant(startsAtMs)}/${formatInstant(endsAtMs)}`,
    title: titleOf(rule, { startsAtMs, endsAtMs, currency }),
    ...{ customerId: null, ruleId, grant, minimumSubtotalMinor, currency, startsAtMs, endsAtMs },
  };
}

/** The discounts that orders of now, and of the next two hours, hang on. */
export function planDiscountsAhead(rule: CodeRule, nowMs: number, place: OfferPlace): DiscountPlan[] {
  const now = planDiscount(rule, nowMs, place);
  const next = planDiscount(rule, nowMs + AHEAD_MS, place);
  return next.discountKey === now.discountKey ? [now] : [now, next];
}

function termsOf(grant: CodeGrant, currency: string): string {
  switch (grant.kind) {
    case 'percent':
      return `${grant.basisPoints}bp`;
    case 'amount':
      return `${grant.amountMinor} ${currency}`;
    case 'free-shipping':
      return 'free shipping';
  }
}

function titleOf({ ruleId, grant, minimumSubtotalMinor }: CodeRule, { startsAtMs, endsAtMs, currency }: OfferTime & { currency: string }): string {
  const gives = grant.kind === 'percent' ? `${grant.basisPoints / 100} %` : grant.kind === 'amount' ? moneyOf(grant.amountMinor, currency) : 'free shipping';
  const minimum = minimumSubtotalMinor === 0 ? '' : ` from ${moneyOf(minimumSubtotalMinor, currency)}`;
  return `Perennial: next order, ${gives}${minimum}, ${formatInstant(startsAtMs)} to ${formatInstant(endsAtMs)} (${ruleId})`;
}

function moneyOf(amountMinor: number, currency: string): string {
  return `${decimalOfMinorUnits(amountMinor, currency)} ${currency}`;
}
