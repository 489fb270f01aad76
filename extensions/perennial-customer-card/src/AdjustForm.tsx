/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { AdjustPointsAnswer, AdjustPointsRequest, FieldError } from '../../../app/contracts/admin-blocks.ts';
import { askAdmin } from '../../admin-kit/src/ask-admin.ts';
import { fieldValue } from '../../admin-kit/src/field-value.ts';
import { useRequestKey } from '../../admin-kit/src/use-request-key.ts';
import { say, sayProblem } from '../../admin-kit/src/words.ts';
import type { Wording } from '../../admin-kit/src/words.ts';
import { balanceAfter, LONGEST_REASON, MOST_POINTS, PROBLEMS, readAdjustAnswer } from './adjustment.ts';

interface AdjustFormProps {
  customerId: string;
  balance: number;
  wording: Wording;
  onDone: () => void;
  onCancel: () => void;
}

type Filled = Pick<AdjustPointsRequest, 'direction' | 'points' | 'reason'>;

/** Points and why. What is wrong with a field stands beside it once it was sent, and not before. */
export function AdjustForm({ customerId, balance, wording, onDone, onCancel }: AdjustFormProps) {
  const { translate, formatNumber } = wording;
  const [filled, setFilled] = useState<Filled>({ direction: 'give', points: '', reason: '' });
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [isSaving, setSaving] = useState(false);
  const { requestKey, renew } = useRequestKey();
  const page = useRef(new AbortController());
  useEffect(() => () => page.current.abort(), []);

  const change = (part: Partial<Filled>): void => {
    setFilled((before) => ({ ...before, ...part }));
    // What is wrong with the other field stays said.
    setErrors((before) => before.filter(({ field }) => field !== null && !(field in part)));
    renew();
  };
  const save = async (): Promise<void> => {
    setSaving(true);
    const { signal } = page.current;
    const reply = await askAdmin('/api/admin/adjustments', { body: { customerId, requestKey, ...filled }, signal });
    if (signal.aborted) return;
    setSaving(false);
    const answer: AdjustPointsAnswer = readAdjustAnswer(reply);
    if (answer.state === 'adjusted') onDone();
    else setErrors(answer.errors);
  };
  const errorOf = (field: FieldError['field']): string | undefined => {
    const code = errors.find((error) => error.field === field)?.code;
    const values = { most: formatNumber(field === 'points' ? MOST_POINTS : LONGEST_REASON) };
    return code === undefined ? undefined : sayProblem(code, PROBLEMS, wording, values);
  };
  const after = sayAfter(balanceAfter(balance, filled), wording);
  const general = errorOf(null);
  return (
    <s-stack gap="small">
      {general !== undefined && <s-banner tone="critical">{general}</s-banner>}
      <s-select label={translate('direction')} value={filled.direction} disabled={isSaving} onChange={(event) => change({ direction: fieldValue(event) === 'take' ? 'take' : 'give' })}>
        <s-option value="give">{translate('give')}</s-option>
        <s-option value="take">{translate('take')}</s-option>
      </s-select>
      <s-number-field
        label={translate('pointsField')}
        min={1}
        max={MOST_POINTS}
        step={1}
        value={filled.points}
        disabled={isSaving}
        {...(after === null ? {} : { details: after })}
        error={errorOf('points') ?? ''}
        onInput={(event) => change({ points: fieldValue(event) })}
      />
      <s-stack gap="small-500">
        <s-text-field
          label={translate('reason')}
          maxLength={LONGEST_REASON}
          value={filled.reason}
          disabled={isSaving}
          error={errorOf('reason') ?? ''}
          onInput={(event) => change({ reason: fieldValue(event) })}
        />
        <s-text color="subdued">{translate('reasonHelp')}</s-text>
      </s-stack>
      <s-stack direction="inline" gap="small">
        <s-button variant="primary" loading={isSaving} onClick={() => void save()}>
          {translate(filled.direction)}
        </s-button>
        <s-button disabled={isSaving} onClick={onCancel}>
          {translate('cancel')}
        </s-button>
      </s-stack>
    </s-stack>
  );
}

function sayAfter(balance: number | null, wording: Wording): string | null {
  if (balance === null) return null;
  return balance < 0 ? say('wouldOwe', -balance, wording) : say('afterwards', balance, wording);
}
