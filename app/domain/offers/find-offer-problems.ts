import type { FieldProblem, Limits } from '../loyalty/program/field-problems.ts';
import { findTooDeep } from './judge-depth.ts';
import type { OfferRule } from './offer-rule.ts';
import { MOST_OF_OFFERS, OFFER_LIMITS } from './offer-settings.ts';
import type { OfferSettings } from './offer-settings.ts';

/** What is wrong with a field of the offers, for the words beside it. */
export type OfferProblem =
  | FieldProblem
  /** Deeper than the cap over all rules; `findTooDeep` says what would do. */
  | 'too-deep'
  /** A province that no country could have. */
  | 'unknown'
  /** An amount before the shop's currency is known. */
  | 'no-currency';

/** By the path of the field: `rules[2].percent`. */
export type OfferProblems = Readonly<Record<string, OfferProblem>>;

type Found = Map<string, OfferProblem>;

/** Every field is judged, so that the merchant sees all that is wrong at once. Paths are those of the draft. */
export function findOfferProblems(settings: OfferSettings, currency: string | null): OfferProblems {
  const found: Found = new Map();
  addUnlessWithin(found, 'holdout', settings.holdoutBasisPoints, OFFER_LIMITS.holdoutBasisPoints);
  addUnlessWithin(found, 'mostOpenCodes', settings.mostOpenCodes, OFFER_LIMITS.mostOpenCodes);
  addUnlessWithin(found, 'mostDepth', settings.mostDepthBasisPoints, OFFER_LIMITS.mostDepthBasisPoints);
  if (settings.grossMarginBasisPoints !== null) addUnlessWithin(found, 'grossMargin', settings.grossMarginBasisPoints, OFFER_LIMITS.grossMarginBasisPoints);
  if (settings.rules.length > MOST_OF_OFFERS.rules) add(found, 'rules', 'too-many');
  for (const [index, rule] of settings.rules.entries()) judgeRule(found, `rules[${index}]`, { rule, settings, currency });
  return Object.fromEntries(found);
}

interface RuleToJudge {
  rule: OfferRule;
  settings: OfferSettings;
  currency: string | null;
}

function judgeRule(found: Found, path: string, { rule, settings, currency }: RuleToJudge): void {
  const { name, conditions, minimumSubtotalMinor, validity } = rule;
  if ([...name].length > MOST_OF_OFFERS.nameLength) add(found, `${path}.name`, 'too-long');
  for (const list of ['segments', 'tiers', 'countries', 'products'] as const) {
    if (conditions[list].length > MOST_OF_OFFERS[list]) add(found, `${path}.${list}`, 'too-many');
  }
  judgeGrant(found, path, rule, currency);
  judgeMoney(found, `${path}.minimum`, minimumSubtotalMinor === 0 ? null : minimumSubtotalMinor, { limits: OFFER_LIMITS.minimumSubtotalMinor, currency });
  judgeBounds(found, path, conditions, currency);
  if (validity.kind === 'days') addUnlessWithin(found, `${path}.days`, validity.days, OFFER_LIMITS.validDays);
  else addUnlessWithin(found, `${path}.hours`, validity.hours, OFFER_LIMITS.validHours);
  const tooDeep = findTooDeep(rule.grant, minimumSubtotalMinor, settings.mostDepthBasisPoints);
  if (tooDeep !== null) add(found, `${path}.${tooDeep.field}`, 'too-deep');
}

function judgeGrant(found: Found, path: string, { grant }: OfferRule, currency: string | null): void {
  if (grant.kind === 'percent') addUnlessWithin(found, `${path}.percent`, grant.basisPoints, OFFER_LIMITS.percentBasisPoints);
  else if (grant.kind !== 'free-shipping') judgeMoney(found, `${path}.amount`, grant.amountMinor, { limits: OFFER_LIMITS.amountMinor, currency });
}

function judgeBounds(found: Found, path: string, { leastSubtotalMinor: least, mostSubtotalMinor: most }: OfferRule['conditions'], currency: string | null): void {
  const bounds = { limits: OFFER_LIMITS.minimumSubtotalMinor, currency };
  judgeMoney(found, `${path}.leastSubtotal`, least, bounds);
  judgeMoney(found, `${path}.mostSubtotal`, most, bounds);
  if (least !== null && most !== null && least > most) add(found, `${path}.mostSubtotal`, 'not-rising');
}

function judgeMoney(found: Found, path: string, amountMinor: number | null, { limits, currency }: { limits: Limits; currency: string | null }): void {
  if (amountMinor === null) return;
  if (currency === null) add(found, path, 'no-currency');
  else addUnlessWithin(found, path, amountMinor, limits);
}

function addUnlessWithin(found: Found, path: string, value: number, { least, most }: Limits): void {
  if (!Number.isSafeInteger(value)) add(found, path, 'not-a-number');
  else if (value < least || value > most) add(found, path, 'out-of-range');
}

/** The first problem of a field stays. */
function add(found: Found, path: string, problem: OfferProblem): void {
  if (!found.has(path)) found.set(path, problem);
}
