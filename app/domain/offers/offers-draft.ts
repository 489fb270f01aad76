import { FieldReader, typedDecimal, typedMoney } from '../loyalty/program/field-reader.ts';
import { findOfferProblems } from './find-offer-problems.ts';
import type { OfferProblem, OfferProblems } from './find-offer-problems.ts';
import { OFFER_GRANT_KINDS, OFFER_ORDERS } from './offer-rule.ts';
import type { OfferConditions, OfferGrant, OfferOrders, OfferRule, OfferValidity } from './offer-rule.ts';
import type { OfferSettings } from './offer-settings.ts';
import { isProvince, readProvinces } from './province-codes.ts';

export type OfferGrantKind = OfferGrant['kind'];

/** A rule as the merchant types it. What belongs to another kind is kept while they waver. */
export interface RuleDraft {
  readonly ruleId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly orders: OfferOrders;
  readonly segments: readonly string[];
  readonly tiers: readonly string[];
  readonly countries: readonly string[];
  /** Codes such as US-CA, with commas between them. */
  readonly provinces: string;
  readonly products: readonly string[];
  /** Decimals in the shop's currency; empty asks for nothing. */
  readonly leastSubtotal: string;
  readonly mostSubtotal: string;
  readonly kind: OfferGrantKind;
  readonly percent: string;
  readonly amount: string;
  readonly minimum: string;
  readonly validity: OfferValidity['kind'];
  readonly days: string;
  readonly hours: string;
}

/** The settings as the merchant types them; shares in percent. */
export interface OffersDraft {
  readonly isEnabled: boolean;
  readonly holdout: string;
  readonly mostOpenCodes: string;
  readonly mostDepth: string;
  /** Empty: not said. */
  readonly grossMargin: string;
  readonly rules: readonly RuleDraft[];
}

const PERCENT_DIGITS = 2;

/** `currency` is null until the shop's is known, and then there are no amounts. */
export function writeOffersDraft(settings: OfferSettings, currency: string | null): OffersDraft {
  const { grossMarginBasisPoints } = settings;
  return {
    isEnabled: settings.isEnabled,
    holdout: typedDecimal(settings.holdoutBasisPoints, PERCENT_DIGITS),
    mostOpenCodes: String(settings.mostOpenCodes),
    mostDepth: typedDecimal(settings.mostDepthBasisPoints, PERCENT_DIGITS),
    grossMargin: grossMarginBasisPoints === null ? '' : typedDecimal(grossMarginBasisPoints, PERCENT_DIGITS),
    rules: settings.rules.map((rule) => writeRuleDraft(rule, currency)),
  };
}

export function writeRuleDraft(rule: OfferRule, currency: string | null): RuleDraft {
  const { ruleId, name, isEnabled, conditions, grant, minimumSubtotalMinor, validity } = rule;
  const { orders, segments, tiers, countries, products, leastSubtotalMinor, mostSubtotalMinor } = conditions;
  const typed = (amountMinor: number | null) => (amountMinor === null || currency === null ? '' : typedMoney(amountMinor, currency));
  return {
    ...{ ruleId, name, isEnabled, orders, segments, tiers, products, kind: grant.kind, validity: validity.kind },
    countries: countries.filter((place) => !isProvince(place)),
    provinces: countries.filter(isProvince).join(', '),
    leastSubtotal: typed(leastSubtotalMinor),
    mostSubtotal: typed(mostSubtotalMinor),
    percent: grant.kind === 'percent' ? typedDecimal(grant.basisPoints, PERCENT_DIGITS) : '15',
    amount: grant.kind === 'amount' || grant.kind === 'store-credit' ? typed(grant.amountMinor) : '',
    minimum: typed(minimumSubtotalMinor === 0 ? null : minimumSubtotalMinor),
    days: validity.kind === 'days' ? String(validity.days) : '30',
    hours: validity.kind === 'hours' ? String(validity.hours) : '48',
  };
}

export interface ReadOffers {
  /** Of use where there are no problems. */
  readonly settings: OfferSettings;
  readonly problems: OfferProblems;
}

/** What was typed, and all that is wrong with it. */
export function readOffersDraft(draft: OffersDraft, currency: string | null): ReadOffers {
  const reader = new DraftReader(currency);
  const settings: OfferSettings = {
    isEnabled: draft.isEnabled,
    holdoutBasisPoints: reader.percent('holdout', draft.holdout),
    mostOpenCodes: reader.whole('mostOpenCodes', draft.mostOpenCodes),
    mostDepthBasisPoints: reader.percent('mostDepth', draft.mostDepth),
    grossMarginBasisPoints: draft.grossMargin.trim() === '' ? null : reader.percent('grossMargin', draft.grossMargin),
    rules: draft.rules.map((rule, index) => readRule(rule, `rules[${index}]`, reader)),
  };
  // What could not be read is told as such, and not by what it is taken for.
  return { settings, problems: { ...findOfferProblems(settings, currency), ...reader.problems } };
}

function readRule(draft: RuleDraft, path: string, reader: DraftReader): OfferRule {
  return {
    ruleId: draft.ruleId,
    name: draft.name.trim(),
    isEnabled: draft.isEnabled,
    conditions: readConditions(draft, path, reader),
    grant: readGrant(draft, path, reader),
    // Store credit is spent on any order.
    minimumSubtotalMinor: draft.kind === 'store-credit' ? 0 : (reader.money(`${path}.minimum`, draft.minimum) ?? 0),
    validity: draft.validity === 'days' ? { kind: 'days', days: reader.whole(`${path}.days`, draft.days) } : { kind: 'hours', hours: reader.whole(`${path}.hours`, draft.hours) },
  };
}

function readConditions(draft: RuleDraft, path: string, reader: DraftReader): OfferConditions {
  const { segments, tiers, countries, products } = draft;
  return {
    orders: OFFER_ORDERS.find((known) => known === draft.orders) ?? 'any',
    ...{ segments, tiers, products },
    countries: [...countries, ...reader.provinces(`${path}.provinces`, draft.provinces)],
    leastSubtotalMinor: reader.money(`${path}.leastSubtotal`, draft.leastSubtotal),
    mostSubtotalMinor: reader.money(`${path}.mostSubtotal`, draft.mostSubtotal),
  };
}

function readGrant(draft: RuleDraft, path: string, reader: DraftReader): OfferGrant {
  const kind = OFFER_GRANT_KINDS.find((known) => known === draft.kind) ?? 'percent';
  switch (kind) {
    case 'percent':
      return { kind, basisPoints: reader.percent(`${path}.percent`, draft.percent) };
    case 'amount':
    case 'store-credit':
      return { kind, amountMinor: reader.money(`${path}.amount`, draft.amount) ?? reader.missing(`${path}.amount`) };
    case 'free-shipping':
      return { kind };
  }
}

/** What cannot be read is NaN, which is above and below nothing, and its problem is noted. */
class DraftReader {
  readonly #currency: string | null;
  readonly #fields = new FieldReader();
  readonly #own = new Map<string, OfferProblem>();

  constructor(currency: string | null) {
    this.#currency = currency;
  }

  get problems(): OfferProblems {
    return { ...this.#fields.list.all, ...Object.fromEntries(this.#own) };
  }

  whole(path: string, text: string): number {
    return this.#fields.whole(path, text);
  }

  percent(path: string, text: string): number {
    return this.#fields.decimal(path, text, PERCENT_DIGITS);
  }

  /** Nothing typed is none. */
  money(path: string, text: string): number | null {
    if (text.trim() === '') return null;
    if (this.#currency !== null) return this.#fields.money(path, text, this.#currency);
    this.#own.set(path, 'no-currency');
    return NaN;
  }

  provinces(path: string, text: string): string[] {
    const provinces = readProvinces(text);
    if (!provinces.every(isProvince)) this.#own.set(path, 'unknown');
    return provinces;
  }

  missing(path: string): number {
    this.#own.set(path, this.#currency === null ? 'no-currency' : 'missing');
    return NaN;
  }
}
