import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ResourceProgress } from '#app/domain/sync/import-progress.ts';
import { history } from '#app/i18n/en/history.ts';

type KnownReason = keyof typeof history.reasons;

export interface ImportWords {
  /** How far the pull is. */
  details: string;
  /** Why it ended early; null where it did not, or where the merchant stopped it. A code of Shopify's that is new to us is shown as it is. */
  reason: string | null;
}

const STOPPED_BY_OTHERS: readonly string[] = ['uninstalled', 'CANCELED'];

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
  const reasonOf = (code: string) => (isKnown(code) ? t(`reasons.${code}`) : t('reasons.other', { code }));
  // A stop by the merchant keeps the code of an attempt before it, which is not why it stopped.
  const hasReason = state === 'failed' || (state === 'cancelled' && STOPPED_BY_OTHERS.includes(errorCode ?? ''));
  const reason = hasReason && errorCode !== null ? t('reason', { reason: reasonOf(errorCode) }) : null;
  return { details: t(`details.${details}`, counts), reason };
}

function isKnown(code: string): code is KnownReason {
  return Object.hasOwn(history.reasons, code);
}
