import { TextField } from '@shopify/polaris';

import { useOfferProblem } from './offer-problems.tsx';

export interface OfferInputProps {
  /** Where it stands in the offers, by which its problem is found. */
  path: string;
  label: string;
  value: string;
  help?: string | undefined;
  onChange: (value: string) => void;
}

/** A number as text: what cannot be read stays as it was typed, with its problem below it. */
export function NumberInput({ path, help, isDecimal = false, ...rest }: OfferInputProps & { suffix?: string; isDecimal?: boolean }) {
  const error = useOfferProblem(path);
  return <TextField {...rest} {...aboutOf(help, error)} name={path} inputMode={isDecimal ? 'decimal' : 'numeric'} autoComplete="off" />;
}

/** An amount in the shop's currency, null until that is known. */
export function MoneyInput({ path, help, currency, ...rest }: OfferInputProps & { currency: string | null }) {
  const error = useOfferProblem(path);
  return (
    <TextField {...rest} {...aboutOf(help, error)} {...(currency === null ? {} : { prefix: currency })} name={path} disabled={currency === null} inputMode="decimal" autoComplete="off" />
  );
}

export function WordInput({ path, help, ...rest }: OfferInputProps & { maxLength: number }) {
  const error = useOfferProblem(path);
  return <TextField {...rest} {...aboutOf(help, error)} name={path} autoComplete="off" />;
}

function aboutOf(help: string | undefined, error: string | undefined) {
  return { ...(help === undefined ? {} : { helpText: help }), ...(error === undefined ? {} : { error }) };
}
