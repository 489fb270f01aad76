import { useFetcher } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { AdjustmentDraft } from '#app/domain/loyalty/members/adjustment-form.ts';
import type { MemberAnswer } from './member-answer.ts';

/** What can be done to a member, and how it went. */
export function useMemberChanges() {
  const { t } = useTranslation('loyaltyMembers');
  const { submit, data, state } = useFetcher<MemberAnswer>();
  const [openDialog, setOpenDialog] = useState<'adjust' | 'exclude' | null>(null);
  // Of the form that is open: sent twice, it changes the balance once.
  const formKey = useRef('');
  const [seen, setSeen] = useState<MemberAnswer | undefined>();
  const isNew = data !== undefined && data !== seen;
  useEffect(() => {
    if (!isNew) return;
    setSeen(data);
    if (data.outcome === 'refused') {
      if (openDialog !== 'adjust') window.shopify.toast.show(t('actions.failed'), { isError: true });
      return;
    }
    setOpenDialog(null);
    window.shopify.toast.show(data.outcome === 'adjusted' ? t('adjust.done') : t(`actions.${data.outcome}`));
  }, [data, isNew, openDialog, t]);
  const open = (dialog: 'adjust' | 'exclude') => {
    formKey.current = crypto.randomUUID();
    setSeen(data);
    setOpenDialog(dialog);
  };
  return {
    openDialog,
    open,
    close: () => setOpenDialog(null),
    isSaving: state !== 'idle',
    refusal: openDialog === 'adjust' && data?.outcome === 'refused' && state === 'idle' ? data.reason : null,
    adjust: (draft: AdjustmentDraft) => submit({ intent: 'adjust', formKey: formKey.current, ...draft }, { method: 'post' }),
    exclude: (isExcluded: boolean) => submit({ intent: isExcluded ? 'exclude' : 'include' }, { method: 'post' }),
  };
}
