import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { settledOf } from '#app/domain/segments/written-segment.ts';
import type { WrittenRun } from '#app/domain/segments/written-segment.ts';

const ERRORS = ['scope', 'access', 'refused', 'missing', 'unreadable', 'not-known', 'segment-kept', 'restored', 'uninstalled'] as const;

/** How a run stands, and why it failed, in words. */
export function useRunWords(timeZone: string) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const state = (run: WrittenRun): string => {
    const { kind, planned, errorCode, finishedAtMs } = run;
    const when = finishedAtMs === null ? '' : formats.instant(finishedAtMs, timeZone);
    switch (run.state) {
      case 'requested':
        return t(errorCode === 'importing' ? 'states.importing' : 'states.planning');
      case 'writing':
        if (errorCode === 'unavailable') return t('states.unavailable');
        return t(kind === 'write' ? 'states.writing' : 'states.undoing', { done: formats.count(Math.min(planned, settledOf(run))), planned: formats.count(planned) });
      case 'completed':
        if (kind === 'undo') return t('states.left', { when });
        return t(planned === 0 ? 'states.unchanged' : 'states.written', { when });
      case 'cancelled':
        return t('states.stopped', { when });
      case 'failed':
        return t(kind === 'undo' ? 'states.left' : 'states.notWritten', { when });
    }
  };
  const error = (code: string | null): string => t(`errors.${ERRORS.find((known) => known === code) ?? 'other'}`);
  return { state, error };
}
