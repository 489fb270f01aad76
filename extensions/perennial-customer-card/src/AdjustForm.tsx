/** @jsxImportSource preact */
import { useEffect, useRef } from 'preact/hooks';

import type { AdjustPointsAnswer, AdjustPointsRequest } from '../../../app/contracts/admin-blocks.ts';
import { askAdmin } from '../../admin-kit/src/ask-admin.ts';
import { fieldValue } from '../../admin-kit/src/field-value.ts';
import { PointsFields } from '../../admin-kit/src/PointsFields.tsx';
import { usePointsForm } from '../../admin-kit/src/use-points-form.ts';
import { say } from '../../admin-kit/src/words.ts';
import type { Wording } from '../../admin-kit/src/words.ts';
import { balanceAfter, MOST_POINTS, PROBLEMS, readAdjustAnswer } from './adjustment.ts';

interface AdjustFormProps {
  customerId: string;
  balance: number;
  wording: Wording;
  onDone: () => void;
  onCancel: () => void;
}

const EMPTY: Pick<AdjustPointsRequest, 'direction' | 'points' | 'reason'> = { direction: 'give', points: '', reason: '' };

export function AdjustForm({ customerId, balance, wording, onDone, onCancel }: AdjustFormProps) {
  const { translate } = wording;
  const page = useRef(new AbortController());
  useEffect(() => () => page.current.abort(), []);
  const form = usePointsForm({
    empty: EMPTY,
    mostPoints: MOST_POINTS,
    problems: PROBLEMS,
    wording,
    onSend: async (filled) => {
      const { signal } = page.current;
      const answer: AdjustPointsAnswer = readAdjustAnswer(await askAdmin('/api/admin/adjustments', { body: { customerId, ...filled }, signal }));
      if (answer.state !== 'adjusted') return answer.errors;
      if (!signal.aborted) onDone();
      return [];
    },
  });
  const { filled, isSending, change, send } = form;
  const general = form.problemOf(null);
  return (
    <s-stack gap="small">
      {general !== undefined && <s-banner tone="critical">{general}</s-banner>}
      <s-select label={translate('direction')} value={filled.direction} disabled={isSending} onChange={(event) => change({ direction: fieldValue(event) === 'take' ? 'take' : 'give' })}>
        <s-option value="give">{translate('give')}</s-option>
        <s-option value="take">{translate('take')}</s-option>
      </s-select>
      <PointsFields {...{ form, wording }} outcome={sayAfter(balanceAfter(balance, filled), wording)} />
      <s-stack direction="inline" gap="small">
        <s-button variant="primary" loading={isSending} onClick={send}>
          {translate(filled.direction)}
        </s-button>
        <s-button disabled={isSending} onClick={onCancel}>
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
