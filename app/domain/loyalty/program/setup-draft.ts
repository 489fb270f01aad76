import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import { formatDay, parseDay } from '../../time/calendar-day.ts';
import { readRate, writeRate } from './earning-rate-text.ts';
import type { RateDraft } from './earning-rate-text.ts';
import type { FieldProblems } from './field-problems.ts';
import { FieldReader, typedDecimal, typedMoney, typedOrNothing } from './field-reader.ts';
import type { Earning, Expiry, Multiplier, Program } from './program.ts';

/** What is earned and how long it lasts, as the merchant types it. */
export interface SetupDraft {
  readonly occasion: string;
  readonly pendingDays: string;
  readonly rates: readonly RateDraft[];
  readonly otherCurrencies: string;
  readonly multipliers: readonly MultiplierDraft[];
  readonly thresholdBonuses: readonly BonusDraft[];
  /** Nothing typed is no limit, and no such points. */
  readonly maximumPointsAnOrder: string;
  readonly maximumPointsByHand: string;
  readonly welcomePoints: string;
  readonly firstOrderPoints: string;
  readonly birthdayPoints: string;
  readonly expiryKind: string;
  readonly expiryMonths: string;
  /** `30, 7` */
  readonly noticeDays: string;
}

export interface MultiplierDraft {
  readonly id: string;
  readonly name: string;
  readonly scopeKind: string;
  /** Products or collections; those of the other kind are kept while a merchant wavers. */
  readonly productIds: readonly number[];
  readonly collectionIds: readonly number[];
  /** `2` or `1.25`; 0 excludes. */
  readonly factor: string;
  /** `YYYY-MM-DD` in shop time, the last day included; nothing typed for no bound. */
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface BonusDraft {
  readonly id: string;
  readonly currency: string;
  readonly minimum: string;
  readonly points: string;
}

const FACTOR_DIGITS = 4;
/** Shown while points never expire, for whoever lets them after all. */
const USUAL_EXPIRY = { months: 12, noticeDays: [30, 7] };

export function writeSetupDraft({ earning, expiry }: Program, timeZone: string): SetupDraft {
  const { months, noticeDays } = expiry.kind === 'never' ? USUAL_EXPIRY : expiry;
  return {
    occasion: earning.occasion,
    pendingDays: String(earning.pendingDays),
    rates: earning.rates.map(writeRate),
    otherCurrencies: earning.otherCurrencies,
    multipliers: earning.multipliers.map((multiplier) => writeMultiplier(multiplier, timeZone)),
    thresholdBonuses: earning.thresholdBonuses.map(({ id, currency, minimumMinor, points }) => ({
      ...{ id, currency },
      minimum: typedMoney(minimumMinor, currency),
      points: String(points),
    })),
    maximumPointsAnOrder: typedOrNothing(earning.maximumPointsAnOrder),
    maximumPointsByHand: typedOrNothing(earning.maximumPointsByHand),
    welcomePoints: typedOrNothing(earning.welcomePoints),
    firstOrderPoints: typedOrNothing(earning.firstOrderPoints),
    birthdayPoints: typedOrNothing(earning.birthdayPoints),
    expiryKind: expiry.kind,
    expiryMonths: String(months),
    noticeDays: noticeDays.join(', '),
  };
}

function writeMultiplier({ id, name, scope, factorBasisPoints, startsAtMs, endsAtMs }: Multiplier, timeZone: string): MultiplierDraft {
  return {
    ...{ id, name },
    scopeKind: scope.kind,
    productIds: scope.kind === 'products' ? scope.productIds : [],
    collectionIds: scope.kind === 'collections' ? scope.collectionIds : [],
    factor: typedDecimal(factorBasisPoints, FACTOR_DIGITS),
    firstDay: startsAtMs === null ? '' : formatDay(dayOfInstant(startsAtMs, timeZone)),
    lastDay: endsAtMs === null ? '' : formatDay(dayOfInstant(endsAtMs - 1, timeZone)),
  };
}

/** The program with what was typed in it, and what of it could not be read. */
export function readSetupDraft(draft: SetupDraft, program: Program, timeZone: string): { program: Program; unread: FieldProblems } {
  const reader = new FieldReader();
  const earning = readEarning(draft, program.earning, { reader, timeZone });
  const expiry = readExpiry(draft, reader);
  return { program: { ...program, earning, expiry }, unread: reader.list.all };
}

function readEarning(draft: SetupDraft, earning: Earning, { reader, timeZone }: { reader: FieldReader; timeZone: string }): Earning {
  const points = (field: 'maximumPointsAnOrder' | 'maximumPointsByHand' | 'welcomePoints' | 'firstOrderPoints' | 'birthdayPoints') =>
    reader.wholeOrNone(`earning.${field}`, draft[field]);
  return {
    earnsFromMs: earning.earnsFromMs,
    occasion: reader.choice(['paid', 'fulfilled'], draft.occasion),
    pendingDays: reader.whole('earning.pendingDays', draft.pendingDays),
    rates: draft.rates.map((rate, index) => readRate(rate, `earning.rates[${index}]`, reader)),
    otherCurrencies: reader.choice(['convert', 'nothing'], draft.otherCurrencies),
    multipliers: draft.multipliers.map((one, index) => readMultiplier(one, `earning.multipliers[${index}]`, { reader, timeZone })),
    thresholdBonuses: draft.thresholdBonuses.map(({ id, currency, minimum, points: typed }, index) => ({
      ...{ id, currency },
      minimumMinor: reader.money(`earning.thresholdBonuses[${index}].minimumMinor`, minimum, currency),
      points: reader.whole(`earning.thresholdBonuses[${index}].points`, typed),
    })),
    maximumPointsAnOrder: points('maximumPointsAnOrder'),
    maximumPointsByHand: points('maximumPointsByHand'),
    welcomePoints: points('welcomePoints'),
    firstOrderPoints: points('firstOrderPoints'),
    birthdayPoints: points('birthdayPoints'),
  };
}

function readMultiplier(draft: MultiplierDraft, path: string, { reader, timeZone }: { reader: FieldReader; timeZone: string }): Multiplier {
  const { id, scopeKind, productIds, collectionIds } = draft;
  const kind = reader.choice(['all', 'products', 'collections'], scopeKind);
  const scopes = { all: { kind: 'all' }, products: { kind: 'products', productIds }, collections: { kind: 'collections', collectionIds } } as const;
  const startOf = (text: string, daysLater: number): number | null => {
    if (text.trim() === '') return null;
    const day = parseDay(text.trim());
    return day === null ? NaN : startOfDay(day + daysLater, timeZone);
  };
  return {
    id,
    name: draft.name.trim(),
    scope: scopes[kind],
    factorBasisPoints: reader.decimal(`${path}.factorBasisPoints`, draft.factor, FACTOR_DIGITS),
    startsAtMs: startOf(draft.firstDay, 0),
    endsAtMs: startOf(draft.lastDay, 1),
  };
}

function readExpiry({ expiryKind, expiryMonths, noticeDays }: SetupDraft, reader: FieldReader): Expiry {
  const kind = reader.choice(['inactivity', 'age', 'never'], expiryKind);
  if (kind === 'never') return { kind };
  const typed = noticeDays.split(/[\s,，、;]+/u).filter((text) => text !== '');
  return {
    kind,
    months: reader.whole('expiry.months', expiryMonths),
    noticeDays: typed.map((text) => reader.whole('expiry.noticeDays', text)),
  };
}
