import { decimalOfMinorUnits } from '../money/decimal-of-minor-units.ts';
import { parseMinorUnits } from '../money/parse-minor-units.ts';
import { OFFER_AUDIENCES, OFFER_LIMITS } from './offer-settings.ts';
import type { OfferAudience, OfferSettings } from './offer-settings.ts';

/** The settings as the merchant types them. */
export interface OfferForm {
  isEnabled: boolean;
  /** `15` or `12.5` */
  percent: string;
  validDays: string;
  /** A decimal in the shop's currency; empty asks for nothing. */
  minimum: string;
  audience: string;
  /** `10`; of a hundred customers nobody of so many gets a code. */
  holdout: string;
}

export type OfferField = Exclude<keyof OfferForm, 'isEnabled'>;

/** What is wrong with a field: it is no number at all, it has too many digits, or it is out of bounds. */
export type OfferFieldProblem = 'not-a-number' | 'too-many-digits' | 'out-of-range' | 'unknown';
export type OfferFormProblems = Partial<Record<OfferField, OfferFieldProblem>>;

type Read<Value> = { value: Value } | { problem: OfferFieldProblem };

const PERCENT = /^(\d{1,7})(?:\.(\d*))?$/;
const WHOLE = /^\d{1,7}$/;

/** The form of settings; `currency` is null until the shop's is known, and then there can be no minimum. */
export function writeOfferForm(settings: OfferSettings, currency: string | null): OfferForm {
  const hasMinimum = settings.minimumSubtotalMinor > 0 && currency !== null;
  return {
    isEnabled: settings.isEnabled,
    percent: String(settings.percentBasisPoints / 100),
    validDays: String(settings.validDays),
    minimum: hasMinimum ? decimalOfMinorUnits(settings.minimumSubtotalMinor, currency) : '',
    audience: settings.audience,
    holdout: String(settings.holdoutBasisPoints / 100),
  };
}

/** Every field is judged, so that the merchant sees all that is wrong at once. */
export function readOfferForm(
  form: OfferForm,
  currency: string | null,
): { ok: true; value: OfferSettings } | { ok: false; problems: OfferFormProblems } {
  const percent = readPercent(form.percent.trim(), OFFER_LIMITS.percentBasisPoints);
  const holdout = readPercent(form.holdout.trim(), OFFER_LIMITS.holdoutBasisPoints);
  const validDays = readDays(form.validDays.trim());
  const minimum = readMinimum(form.minimum.trim(), currency);
  const audience = readAudience(form.audience);
  if ('value' in percent && 'value' in validDays && 'value' in minimum && 'value' in audience && 'value' in holdout) {
    return {
      ok: true,
      value: {
        isEnabled: form.isEnabled,
        percentBasisPoints: percent.value,
        validDays: validDays.value,
        minimumSubtotalMinor: minimum.value,
        audience: audience.value,
        holdoutBasisPoints: holdout.value,
      },
    };
  }
  return {
    ok: false,
    problems: {
      ...problemOf('percent', percent),
      ...problemOf('validDays', validDays),
      ...problemOf('minimum', minimum),
      ...problemOf('audience', audience),
      ...problemOf('holdout', holdout),
    },
  };
}

function problemOf(field: OfferField, read: Read<unknown>): OfferFormProblems {
  return 'problem' in read ? { [field]: read.problem } : {};
}

function readPercent(text: string, limits: { least: number; most: number }): Read<number> {
  const match = PERCENT.exec(text);
  if (match === null) return { problem: 'not-a-number' };
  const [, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(2))) return { problem: 'too-many-digits' };
  return within(Number(whole + fraction.slice(0, 2).padEnd(2, '0')), limits);
}

function readDays(text: string): Read<number> {
  return WHOLE.test(text) ? within(Number(text), OFFER_LIMITS.validDays) : { problem: 'not-a-number' };
}

function readMinimum(text: string, currency: string | null): Read<number> {
  if (text === '') return { value: 0 };
  if (currency === null) return { problem: 'unknown' };
  const parsed = parseMinorUnits(text, currency);
  if (parsed.ok) return within(parsed.value, OFFER_LIMITS.minimumSubtotalMinor);
  switch (parsed.reason) {
    case 'too-many-digits':
      return { problem: 'too-many-digits' };
    case 'too-large':
      return { problem: 'out-of-range' };
    case 'not-a-decimal':
      return { problem: 'not-a-number' };
    case 'unknown-currency':
      return { problem: 'unknown' };
  }
}

function readAudience(text: string): Read<OfferAudience> {
  const audience = OFFER_AUDIENCES.find((known) => known === text);
  return audience === undefined ? { problem: 'unknown' } : { value: audience };
}

function within(value: number, { least, most }: { least: number; most: number }): Read<number> {
  return value < least || value > most ? { problem: 'out-of-range' } : { value };
}
