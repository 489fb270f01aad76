import { BlockStack, InlineError } from '@shopify/polaris';

import { useFieldProblem } from './field-problems.tsx';
import { MoneyField } from './program-fields.tsx';

export interface RewardAmountProps {
  /** Of the list in the program, of which the shop's currency has the first place. */
  path: string;
  label: string;
  help?: string;
  value: string;
  currency: string;
  onChange: (value: string) => void;
}

/** An amount in the shop's currency; that there is none is a problem of the list. */
export function RewardAmount({ path, ...field }: RewardAmountProps) {
  const missing = useFieldProblem(path);
  return (
    <BlockStack gap="100">
      <MoneyField path={`${path}[0]`} {...field} />
      {missing === undefined ? null : <InlineError fieldID={path} message={missing} />}
    </BlockStack>
  );
}
