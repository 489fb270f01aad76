import { currencyExponent } from '../../money/currency.ts';
import { ProblemList } from './field-problems.ts';
import type { FieldProblems } from './field-problems.ts';
import { findRewardProblems } from './find-reward-problems.ts';
import { findTierProblems } from './find-tier-problems.ts';
import { findCurrencyProblems, findTwins } from './list-problems.ts';
import { MOST, NAME_LENGTH, PROGRAM_LIMITS } from './program-limits.ts';
import type { Earning, Expiry, Multiplier, Program } from './program.ts';

/** A month has at least so many days: no warning is due before the points are earned. */
const SHORTEST_MONTH_DAYS = 28;

/** What a line earns by when nothing better applies. */
const USUAL_BASIS_POINTS = 10_000;

/** All that is wrong with a program, field by field; nothing is wrong with one that may be saved. */
export function findProgramProblems(program: Program, { shopCurrency }: { shopCurrency: string }): FieldProblems {
  const problems = new ProblemList();
  findEarningProblems(program.earning, shopCurrency, problems);
  findExpiryProblems(program.expiry, problems);
  findRewardProblems(program.rewards, problems);
  if (program.status.kind === 'live') {
    problems.addIf(!program.rewards.some(({ isOffered }) => isOffered), 'rewards', 'none-offered');
  }
  if (program.tiers !== null) findTierProblems(program.tiers, problems);
  return problems.all;
}

function findEarningProblems(earning: Earning, shopCurrency: string, problems: ProblemList): void {
  const { rates, thresholdBonuses, multipliers } = earning;
  problems.addUnlessWithin('earning.pendingDays', earning.pendingDays, PROGRAM_LIMITS.pendingDays);
  problems.addIf(rates.length > MOST.currencies, 'earning.rates', 'too-many');
  problems.addIf(!rates.some(({ currency }) => currency === shopCurrency), 'earning.rates', 'no-rate-in-shop-currency');
  for (const [index, rate] of rates.entries()) {
    const path = `earning.rates[${index}]`;
    problems.addUnlessWithin(`${path}.points`, rate.points, PROGRAM_LIMITS.ratePoints);
    problems.addUnlessWithin(`${path}.perMinor`, rate.perMinor, PROGRAM_LIMITS.perMinor);
  }
  findCurrencyProblems('earning.rates', rates, problems);
  problems.addIf(thresholdBonuses.length > MOST.thresholdBonuses, 'earning.thresholdBonuses', 'too-many');
  for (const [index, bonus] of thresholdBonuses.entries()) {
    const path = `earning.thresholdBonuses[${index}]`;
    problems.addUnlessWithin(`${path}.points`, bonus.points, PROGRAM_LIMITS.points);
    problems.addUnlessWithin(`${path}.minimumMinor`, bonus.minimumMinor, PROGRAM_LIMITS.minimumMinor);
    problems.addIf(currencyExponent(bonus.currency) === null, `${path}.currency`, 'unknown-currency');
  }
  findTwins('earning.thresholdBonuses', thresholdBonuses.map(({ currency, minimumMinor }) => `${currency} ${minimumMinor}`), 'minimumMinor', problems);
  problems.addIf(multipliers.length > MOST.multipliers, 'earning.multipliers', 'too-many');
  for (const [index, multiplier] of multipliers.entries()) findMultiplierProblems(`earning.multipliers[${index}]`, multiplier, problems);
  for (const field of ['maximumPointsAnOrder', 'maximumPointsByHand', 'welcomePoints', 'firstOrderPoints', 'birthdayPoints'] as const) {
    problems.addUnlessNoneOrWithin(`earning.${field}`, earning[field], PROGRAM_LIMITS.points);
  }
}

function findMultiplierProblems(path: string, multiplier: Multiplier, problems: ProblemList): void {
  const { scope, startsAtMs, endsAtMs, name, factorBasisPoints } = multiplier;
  problems.addIf([...name].length > NAME_LENGTH, `${path}.name`, 'too-long');
  problems.addUnlessWithin(`${path}.factorBasisPoints`, factorBasisPoints, PROGRAM_LIMITS.factorBasisPoints);
  problems.addIf(factorBasisPoints > 0 && factorBasisPoints <= USUAL_BASIS_POINTS, `${path}.factorBasisPoints`, 'never-wins');
  if (Number.isNaN(startsAtMs)) problems.add(`${path}.startsAtMs`, 'not-a-number');
  if (Number.isNaN(endsAtMs)) problems.add(`${path}.endsAtMs`, 'not-a-number');
  problems.addIf(startsAtMs !== null && endsAtMs !== null && endsAtMs <= startsAtMs, `${path}.endsAtMs`, 'not-after-start');
  if (scope.kind === 'all') return;
  const ids = scope.kind === 'products' ? scope.productIds : scope.collectionIds;
  problems.addIf(ids.length === 0, `${path}.scope`, 'none-chosen');
  problems.addIf(ids.length > (scope.kind === 'products' ? MOST.products : MOST.collections), `${path}.scope`, 'too-many');
  problems.addIf(ids.some((id) => !Number.isSafeInteger(id) || id < 1), `${path}.scope`, 'not-a-number');
}

function findExpiryProblems(expiry: Expiry, problems: ProblemList): void {
  if (expiry.kind === 'never') return;
  const { months, noticeDays } = expiry;
  problems.addUnlessWithin('expiry.months', months, PROGRAM_LIMITS.expiryMonths);
  problems.addIf(noticeDays.length > MOST.notices, 'expiry.noticeDays', 'too-many');
  for (const days of noticeDays) problems.addUnlessWithin('expiry.noticeDays', days, PROGRAM_LIMITS.noticeDays);
  problems.addIf(new Set(noticeDays).size < noticeDays.length, 'expiry.noticeDays', 'twice');
  problems.addIf(noticeDays.some((days) => days >= months * SHORTEST_MONTH_DAYS), 'expiry.noticeDays', 'longer-than-expiry');
}
