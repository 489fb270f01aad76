/** @jsxImportSource preact */
import { fieldValue } from './field-value.ts';
import { LONGEST_REASON } from './use-points-form.ts';
import type { PointsForm } from './use-points-form.ts';
import type { Wording } from './words.ts';

interface PointsFieldsProps {
  form: PointsForm<{ points: string; reason: string }>;
  /** What the points come to, below their field; null where that is said elsewhere, or not known. */
  outcome: string | null;
  wording: Wording;
}

export function PointsFields({ form: { filled, mostPoints, isSending, change, problemOf }, outcome, wording: { translate } }: PointsFieldsProps) {
  return (
    <>
      <s-number-field
        label={translate('pointsField')}
        min={1}
        max={mostPoints}
        step={1}
        value={filled.points}
        disabled={isSending}
        {...(outcome === null ? {} : { details: outcome })}
        error={problemOf('points') ?? ''}
        onInput={(event) => change({ points: fieldValue(event) })}
      />
      <s-stack gap="small-500">
        <s-text-field
          label={translate('reason')}
          maxLength={LONGEST_REASON}
          value={filled.reason}
          disabled={isSending}
          error={problemOf('reason') ?? ''}
          onInput={(event) => change({ reason: fieldValue(event) })}
        />
        <s-text color="subdued">{translate('reasonHelp')}</s-text>
      </s-stack>
    </>
  );
}
