import type { ProblemList } from './field-problems.ts';
import { findCurrencyProblems, findTwins } from './list-problems.ts';
import { MOST, NAME_LENGTH, PROGRAM_LIMITS } from './program-limits.ts';
import type { MoneyAmount, Reward } from './program.ts';

export function findRewardProblems(rewards: readonly Reward[], problems: ProblemList): void {
  problems.addIf(rewards.length > MOST.rewards, 'rewards', 'too-many');
  findTwins('rewards', rewards.map(({ id }) => id), 'id', problems);
  for (const [index, reward] of rewards.entries()) {
    const path = `rewards[${index}]`;
    const { name, minimumSubtotals, validDays, limitAMember } = reward;
    problems.addIf([...name].length > NAME_LENGTH, `${path}.name`, 'too-long');
    problems.addUnlessWithin(`${path}.validDays`, validDays, PROGRAM_LIMITS.validDays);
    problems.addUnlessNoneOrWithin(`${path}.limitAMember`, limitAMember, PROGRAM_LIMITS.limitAMember);
    findAmountProblems(`${path}.minimumSubtotals`, minimumSubtotals, problems);
    findGivesProblems(path, reward, problems);
  }
}

function findGivesProblems(path: string, { gives }: Reward, problems: ProblemList): void {
  switch (gives.kind) {
    case 'amount':
    case 'store-credit':
      findPointsProblem(path, gives.points, problems);
      findGivenAmounts(path, gives.amounts, problems);
      return;
    case 'any-amount':
      problems.addUnlessWithin(`${path}.pointsAStep`, gives.pointsAStep, PROGRAM_LIMITS.points);
      problems.addUnlessWithin(`${path}.leastPoints`, gives.leastPoints, PROGRAM_LIMITS.points);
      problems.addUnlessNoneOrWithin(`${path}.mostPoints`, gives.mostPoints, PROGRAM_LIMITS.points);
      problems.addIf(gives.leastPoints % gives.pointsAStep > 0, `${path}.leastPoints`, 'not-a-multiple');
      problems.addIf(gives.mostPoints !== null && gives.mostPoints < gives.leastPoints, `${path}.mostPoints`, 'below-least');
      findGivenAmounts(path, gives.amounts, problems);
      return;
    case 'percent':
      findPointsProblem(path, gives.points, problems);
      problems.addUnlessWithin(`${path}.percentBasisPoints`, gives.percentBasisPoints, PROGRAM_LIMITS.percentBasisPoints);
      return;
    case 'free-shipping':
      findPointsProblem(path, gives.points, problems);
      return;
    case 'free-product':
      findPointsProblem(path, gives.points, problems);
      problems.addIf(!Number.isSafeInteger(gives.variantId) || gives.variantId < 1, `${path}.variantId`, 'none-chosen');
  }
}

function findPointsProblem(path: string, points: number, problems: ProblemList): void {
  problems.addUnlessWithin(`${path}.points`, points, PROGRAM_LIMITS.points);
}

function findGivenAmounts(path: string, amounts: readonly MoneyAmount[], problems: ProblemList): void {
  problems.addIf(amounts.length === 0, `${path}.amounts`, 'missing');
  findAmountProblems(`${path}.amounts`, amounts, problems);
}

function findAmountProblems(path: string, amounts: readonly MoneyAmount[], problems: ProblemList): void {
  problems.addIf(amounts.length > MOST.currencies, path, 'too-many');
  findCurrencyProblems(path, amounts, problems);
  for (const [index, { amountMinor }] of amounts.entries()) {
    problems.addUnlessWithin(`${path}[${index}]`, amountMinor, PROGRAM_LIMITS.amountMinor);
  }
}
