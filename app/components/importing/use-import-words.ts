import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ResourceProgress } from '#app/domain/sync/import-progress.ts';

const KNOWN_REASONS = [
  'access-lost',
  'request-refused',
  'operation-lost',
  'file-cut-short',
  'file-gone',
  'file-missing',
  'ACCESS_DENIED',
] as const;

export interface ImportWords {
  /** How far the pull is. */
  details: string;
  /** Why it failed; null unless it did. A code of Shopify's that is new to us is shown as it is. */
  reason: string | null;
}

/** What is said of one pull, wherever it is shown. */
export function useImportWords({ state, errorCode, ...pull }: ResourceProgress): ImportWords {
  const { t } = useTranslation('history');
  const formats = useFormats();
  const counts = {
    prepared: formats.count(pull.rootsPrepared),
    expected: formats.count(pull.rootsExpected ?? 0),
    reported: formats.count(pull.objectsReported),
    stored: formats.count(pull.objectsStored),
  };
  const details = state === 'running' && pull.rootsExpected === null ? 'runningUncounted' : state;
  const reasonOf = (code: string) => {
    const known = KNOWN_REASONS.find((reason) => reason === code);
    return known === undefined ? t('reasons.other', { code }) : t(`reasons.${known}`);
  };
  const reason = state === 'failed' && errorCode !== null ? t('reason', { reason: reasonOf(errorCode) }) : null;
  return { details: t(`details.${details}`, counts), reason };
}
