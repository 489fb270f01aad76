import type { EarningRate, MoneyAmount, Program } from '../loyalty/program/program.ts';

/** What earns points, in the facts that a shopper's page puts into words. */
export type EarningWay =
  | { readonly kind: 'order'; readonly points: number; readonly per: MoneyAmount; readonly tierFactorBasisPoints: number | null }
  | { readonly kind: 'threshold'; readonly points: number; readonly minimum: MoneyAmount }
  | { readonly kind: 'multiplier'; readonly name: string; readonly factorBasisPoints: number; readonly endsAtMs: number | null }
  | { readonly kind: 'welcome'; readonly points: number; readonly isDone: boolean; readonly isComing: boolean }
  | { readonly kind: 'first-order'; readonly points: number; readonly isDone: boolean }
  | { readonly kind: 'birthday'; readonly points: number };

interface WaysInput {
  readonly program: Program;
  /** In which the shopper pays, and which the shop receives. */
  readonly currency: string;
  readonly shopCurrency: string;
  /** Of the shopper's tier; null without one. */
  readonly tierFactorBasisPoints: number | null;
  readonly isWelcomed: boolean;
  /** Points for joining that are on their way; null where none are. */
  readonly welcomeComing: number | null;
  readonly hasOrdered: boolean;
  readonly nowMs: number;
}

const ONCE_BASIS_POINTS = 10_000;

/** Nothing while the program does not run. */
export function listWaysToEarn(input: WaysInput): EarningWay[] {
  const { program, isWelcomed, welcomeComing, hasOrdered } = input;
  const { status, earning } = program;
  if (status.kind !== 'live') return [];
  return [
    ...orderWays(input),
    ...multiplierWays(input),
    ...given(earning.welcomePoints).map((points) => welcomeWay(points, { isWelcomed, welcomeComing })),
    ...given(earning.firstOrderPoints).map((points) => ({ kind: 'first-order' as const, points, isDone: hasOrdered })),
    ...given(earning.birthdayPoints).map((points) => ({ kind: 'birthday' as const, points })),
  ];
}

/** What is on its way may have been promised by an earlier version of the program. */
function welcomeWay(points: number, { isWelcomed, welcomeComing }: Pick<WaysInput, 'isWelcomed' | 'welcomeComing'>): EarningWay {
  return { kind: 'welcome', points: welcomeComing ?? points, isDone: isWelcomed, isComing: welcomeComing !== null };
}

/** The rate and the bonuses in the currency that an order of this shopper would be counted in. */
function orderWays({ program: { earning }, currency, shopCurrency, tierFactorBasisPoints }: WaysInput): EarningWay[] {
  const rateIn = (code: string): EarningRate | undefined => earning.rates.find((rate) => rate.currency === code && rate.points > 0);
  const rate = rateIn(currency) ?? (earning.otherCurrencies === 'convert' ? rateIn(shopCurrency) : undefined);
  if (rate === undefined) return [];
  const hasFactor = tierFactorBasisPoints !== null && tierFactorBasisPoints > ONCE_BASIS_POINTS;
  const per = { currency: rate.currency, amountMinor: rate.perMinor };
  const bonuses = earning.thresholdBonuses.filter((bonus) => bonus.currency === rate.currency && bonus.points > 0);
  return [
    { kind: 'order', points: rate.points, per, tierFactorBasisPoints: hasFactor ? tierFactorBasisPoints : null },
    ...[...bonuses]
      .sort((a, b) => a.minimumMinor - b.minimumMinor)
      .map(({ points, minimumMinor }) => ({ kind: 'threshold' as const, points, minimum: { currency: rate.currency, amountMinor: minimumMinor } })),
  ];
}

/** Those in force now that give more. */
function multiplierWays({ program: { earning }, nowMs }: WaysInput): EarningWay[] {
  return earning.multipliers
    .filter(({ factorBasisPoints, startsAtMs, endsAtMs }) => {
      const isInForce = (startsAtMs === null || startsAtMs <= nowMs) && (endsAtMs === null || nowMs < endsAtMs);
      return isInForce && factorBasisPoints > ONCE_BASIS_POINTS;
    })
    .map(({ name, factorBasisPoints, endsAtMs }) => ({ kind: 'multiplier', name, factorBasisPoints, endsAtMs }));
}

function given(points: number | null): number[] {
  return points === null || points === 0 ? [] : [points];
}
