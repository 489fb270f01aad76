import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { currencyExponent } from '#app/domain/money/currency.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { OfferProblem, OfferProblems } from '#app/domain/offers/find-offer-problems.ts';
import { findTooDeep } from '#app/domain/offers/judge-depth.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';

interface Shown {
  problems: OfferProblems;
  /** With what is typed. */
  settings: OfferSettings;
  currency: string | null;
}

const ProblemsContext = createContext<Shown | null>(null);

/** The problems that are shown now: fields below find theirs by their path. */
export function OfferProblemsProvider({ problems, settings, currency, children }: Shown & { children: ReactNode }) {
  const shown = useMemo(() => ({ problems, settings, currency }), [problems, settings, currency]);
  return <ProblemsContext.Provider value={shown}>{children}</ProblemsContext.Provider>;
}

/** Whether a rule has any. */
export function useHasProblem(path: string): boolean {
  const shown = useContext(ProblemsContext);
  return shown !== null && Object.keys(shown.problems).some((field) => field.startsWith(path));
}

const RULE_PATH = /^rules\[(\d+)\]\.(.+)$/;
const FIELDS = ['holdout', 'mostOpenCodes', 'mostDepth', 'grossMargin', 'rules', 'name', 'provinces', 'percent', 'amount', 'minimum', 'leastSubtotal', 'mostSubtotal', 'days', 'hours'] as const;

/** What to do about the problem of a field, or undefined where there is none. */
export function useOfferProblem(path: string): string | undefined {
  const shown = useContext(ProblemsContext);
  const words = useWords(shown);
  const problem = shown?.problems[path];
  return problem === undefined ? undefined : words(path, problem);
}

function useWords(shown: Shown | null): (path: string, problem: OfferProblem) => string {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const { currency, settings } = shown ?? { currency: null, settings: null };
  const tooDeep = (index: number): string => {
    const rule = settings?.rules[index];
    const found = settings && rule ? findTooDeep(rule.grant, rule.minimumSubtotalMinor, settings.mostDepthBasisPoints) : null;
    if (found?.field === 'percent') return t('problems.tooDeepPercent', { most: String(found.mostBasisPoints / 100) });
    return t('problems.tooDeepMinimum', { least: found && currency !== null ? formats.money(found.leastMinor, currency) : '' });
  };
  return (path, problem) => {
    const [, index, inRule] = RULE_PATH.exec(path) ?? [];
    if (problem === 'too-deep') return tooDeep(Number(index));
    if (problem === 'no-currency') return t('problems.noCurrency');
    if (problem === 'not-rising') return t('problems.notRising');
    const field = FIELDS.find((known) => known === (inRule ?? path));
    return field === undefined ? t('problems.list') : t(`problems.${field}`, { example: exampleOf(currency) });
  };
}

function exampleOf(currency: string | null): string {
  const exponent = currency === null ? null : currencyExponent(currency);
  return currency === null || exponent === null ? '' : decimalOfMinorUnits(25 * 10 ** exponent, currency);
}
