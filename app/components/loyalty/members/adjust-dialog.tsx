import { Banner, BlockStack, ChoiceList, FormLayout, Modal, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { LONGEST_NOTE, readAdjustment } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { AdjustmentDraft, AdjustmentProblems } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { MemberAnswer } from './member-answer.ts';
import { usePointsWords } from './use-points-words.ts';

export interface AdjustDialogProps {
  isOpen: boolean;
  balancePoints: number;
  mostAdjustedPoints: number;
  nowMs: number;
  timeZone: string;
  isSaving: boolean;
  refusal: Extract<MemberAnswer, { outcome: 'refused' }>['reason'] | null;
  onClose: () => void;
  onConfirm: (draft: AdjustmentDraft) => void;
}

const EMPTY: AdjustmentDraft = { direction: 'give', points: '', note: '', expiresOn: '' };

/** Points by hand: how many, which way, and why. */
export function AdjustDialog({ isOpen, balancePoints, mostAdjustedPoints, nowMs, timeZone, isSaving, refusal, onClose, onConfirm }: AdjustDialogProps) {
  const { t } = useTranslation('loyaltyMembers');
  const pointsOf = usePointsWords();
  const [draft, setDraft] = useState(EMPTY);
  const [problems, setProblems] = useState<AdjustmentProblems>({});
  const read = readAdjustment(draft, { nowMs, timeZone, mostPoints: mostAdjustedPoints });
  const change = (part: Partial<AdjustmentDraft>) => {
    setDraft({ ...draft, ...part });
    setProblems({});
  };
  const confirm = () => {
    if (read.ok) onConfirm(draft);
    else setProblems(read.problems);
  };
  const afterwards = read.ok ? balancePoints + read.value.points : null;
  const afterText = () => {
    if (afterwards === null) return null;
    return afterwards < 0 ? t('adjust.owes', { points: pointsOf(-afterwards) }) : t('adjust.after', { points: pointsOf(afterwards) });
  };
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('adjust.title')}
      primaryAction={{ content: draft.direction === 'give' ? t('adjust.confirmGive') : t('adjust.confirmTake'), loading: isSaving, onAction: confirm }}
      secondaryActions={[{ content: t('adjust.cancel'), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          {refusal === null ? null : (
            <Banner tone="critical">
              <p>{t(`adjust.refusals.${refusal}`)}</p>
            </Banner>
          )}
          <Text as="p">{t('adjust.text')}</Text>
          <AdjustFields {...{ draft, problems, mostAdjustedPoints }} onChange={change} />
          <div role="status">
            <Text as="p" fontWeight="semibold">{afterText() ?? '\u00a0'}</Text>
          </div>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

interface AdjustFieldsProps {
  draft: AdjustmentDraft;
  problems: AdjustmentProblems;
  mostAdjustedPoints: number;
  onChange: (part: Partial<AdjustmentDraft>) => void;
}

function AdjustFields({ draft, problems, mostAdjustedPoints, onChange }: AdjustFieldsProps) {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const errorOf = (field: keyof AdjustmentProblems) => {
    const problem = problems[field];
    if (problem === undefined) return {};
    return { error: t(`adjust.problems.${problem}`, { most: formats.count(field === 'points' ? mostAdjustedPoints : LONGEST_NOTE) }) };
  };
  return (
    <FormLayout>
      <ChoiceList
        title={t('adjust.direction')}
        choices={[
          { value: 'give', label: t('adjust.give') },
          { value: 'take', label: t('adjust.take') },
        ]}
        selected={[draft.direction]}
        onChange={([direction]) => onChange({ direction: direction === 'take' ? 'take' : 'give' })}
      />
      <TextField label={t('adjust.points')} value={draft.points} inputMode="numeric" autoComplete="off" {...errorOf('points')} onChange={(points) => onChange({ points })} />
      <TextField
        label={t('adjust.note')}
        value={draft.note}
        multiline={2}
        maxLength={LONGEST_NOTE}
        autoComplete="off"
        helpText={t('adjust.noteHelp')}
        {...errorOf('note')}
        onChange={(note) => onChange({ note })}
      />
      {draft.direction === 'take' ? null : (
        <TextField
          type="date"
          label={t('adjust.expiresOn')}
          value={draft.expiresOn}
          autoComplete="off"
          helpText={t('adjust.expiresHelp')}
          {...errorOf('expiresOn')}
          onChange={(expiresOn) => onChange({ expiresOn })}
        />
      )}
    </FormLayout>
  );
}
