import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { FieldProblems } from '#app/domain/loyalty/program/field-problems.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import type { ProgramAnswer, ProgramRefusal } from './program-answer.ts';

export interface ProgramSaving {
  isSaving: boolean;
  /** Of the last try; null before one and after a good one. */
  refusal: ProgramRefusal | null;
  /** What the server found wrong with it. */
  refused: FieldProblems;
  /** Null leaves the program as it is, and only changes whether it runs. */
  save(program: Program | null, change?: StatusChange, counted?: PastOrders | null): void;
}

/** Saves what was made of one version of the program, and says so. */
export function useProgramSaving(version: number): ProgramSaving {
  const { t } = useTranslation('loyalty');
  const fetcher = useFetcher<ProgramAnswer>();
  const answer = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (answer?.outcome === 'saved') window.shopify.toast.show(t(`done.${answer.became ?? 'saved'}`));
  }, [answer, t]);
  const isRefused = answer?.outcome === 'refused';
  return {
    isSaving: fetcher.state !== 'idle',
    refusal: isRefused ? answer.reason : null,
    refused: isRefused ? answer.problems : {},
    save(program, change, counted = null) {
      const sinceDay = change?.to === 'live' && change.sinceDay !== undefined ? formatDay(change.sinceDay) : '';
      const lastRedemptionDay = change?.to === 'winding-down' ? formatDay(change.lastRedemptionDay) : '';
      const fields = { intent: change?.to ?? 'save', version: String(version), program: program === null ? '' : JSON.stringify(program), lastRedemptionDay, sinceDay, counted: counted === null ? '' : JSON.stringify(counted) };
      fetcher.submit(fields, { method: 'post', action: '/app/loyalty/save' });
    },
  };
}
