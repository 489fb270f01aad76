import { TextField } from '@shopify/polaris';

import { currencyExponent } from '#app/domain/money/currency.ts';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import type { Limits } from '#app/domain/loyalty/program/field-problems.ts';
import { useFieldProblem } from './field-problems.tsx';

interface ProgramFieldProps {
  /** Where it stands in the program, by which its problem is found. */
  path: string;
  label: string;
  labelHidden?: boolean;
  value: string;
  help?: string;
  placeholder?: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}

export interface NumberFieldProps extends ProgramFieldProps {
  limits: Limits;
  suffix?: string;
  /** Whether decimals may be typed. */
  isDecimal?: boolean;
}

/** A number as text: what cannot be read stays as it was typed, with its problem below it. */
export function NumberField({ path, help, limits, isDecimal = false, ...rest }: NumberFieldProps) {
  const error = useFieldProblem(path, { limits });
  return <TextField {...rest} name={path} inputMode={isDecimal ? 'decimal' : 'numeric'} autoComplete="off" {...(help === undefined ? {} : { helpText: help })} {...(error === undefined ? {} : { error })} />;
}

/** An amount in one currency. */
export function MoneyField({ path, help, currency, ...rest }: ProgramFieldProps & { currency: string }) {
  const error = useFieldProblem(path, { example: exampleOf(currency) });
  return <TextField {...rest} name={path} prefix={currency} inputMode="decimal" autoComplete="off" {...(help === undefined ? {} : { helpText: help })} {...(error === undefined ? {} : { error })} />;
}

/** Words. */
export function WordField({ path, help, ...rest }: ProgramFieldProps & { maxLength: number }) {
  const error = useFieldProblem(path);
  return <TextField {...rest} name={path} autoComplete="off" {...(help === undefined ? {} : { helpText: help })} {...(error === undefined ? {} : { error })} />;
}

function exampleOf(currency: string): string {
  const exponent = currencyExponent(currency);
  return exponent === null ? '' : decimalOfMinorUnits(25 * 10 ** exponent, currency);
}
