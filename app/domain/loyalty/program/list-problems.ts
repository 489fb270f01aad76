import { currencyExponent } from '../../money/currency.ts';
import type { ProblemList } from './field-problems.ts';
import type { MoneyAmount } from './program.ts';

/** At most one a currency, each of which can price an order. */
export function findCurrencyProblems(path: string, list: readonly Pick<MoneyAmount, 'currency'>[], problems: ProblemList): void {
  for (const [index, { currency }] of list.entries()) {
    problems.addIf(currencyExponent(currency) === null, `${path}[${index}].currency`, 'unknown-currency');
  }
  findTwins(path, list.map(({ currency }) => currency), 'currency', problems);
}

/** The second and later ones of what should be there once. */
export function findTwins(path: string, values: readonly string[], field: string, problems: ProblemList): void {
  for (const [index, value] of values.entries()) {
    problems.addIf(values.indexOf(value) < index, `${path}[${index}].${field}`, 'twice');
  }
}
