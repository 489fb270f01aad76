import { BlockStack, ChoiceList, Modal, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { LookBackFields } from './look-back-fields.tsx';
import type { PastOfShop } from './past-answer.ts';
import { usePastCount } from './use-past-count.ts';

export interface LookBackDialogProps {
  isOpen: boolean;
  /** Whether the program goes live with it, or is live. */
  occasion: 'start' | 'live';
  past: PastOfShop;
  /** `YYYY-MM-DD`: only a day before it is further back. */
  beforeDay: string;
  /** As it would be; null while a field is wrong. */
  program: Program | null;
  /** What is sent: null for the program that holds. */
  sent: Program | null;
  currency: string;
  isSaving: boolean;
  onClose: () => void;
  onConfirm: (change: StatusChange, counted: PastOrders | null) => void;
}

/** Goes live, or looks further back: never at past orders without having been told what that comes to. */
export function LookBackDialog(props: LookBackDialogProps) {
  const { isOpen, occasion, past, beforeDay, program, sent, currency, isSaving, onClose, onConfirm } = props;
  const { t } = useTranslation(['loyalty', 'loyaltyPast']);
  const [looksBack, setLooksBack] = useState(false);
  const [day, setDay] = useState(past.oldestDay ?? '');
  const { count, start, forget } = usePastCount(sent);
  const isBack = occasion === 'live' || looksBack;
  const sinceDay = count.step === 'counted' && count.sinceDay === day ? parseDay(day) : null;
  const close = () => {
    forget();
    onClose();
  };
  const confirm = () => {
    if (!isBack) onConfirm({ to: 'live' }, null);
    else if (sinceDay !== null && count.step === 'counted') onConfirm({ to: 'live', sinceDay }, count.orders);
    forget();
  };
  const words = occasion === 'start' ? 'loyalty:goLiveDialog' : 'loyaltyPast:dialog';
  const content = occasion === 'start' && isBack ? t('goLiveDialog.confirmBack') : t(`${words}.confirm`);
  return (
    <Modal
      open={isOpen}
      onClose={close}
      title={t(`${words}.title`)}
      primaryAction={{ content, loading: isSaving, disabled: isBack && sinceDay === null, onAction: confirm }}
      secondaryActions={[{ content: t(`${words}.keep`), onAction: close }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          {occasion === 'start' ? (
            <ChoiceList
              title={t('goLiveDialog.which')}
              choices={[
                { value: 'now', label: t('goLiveDialog.now'), helpText: t('goLiveDialog.text') },
                { value: 'back', label: t('goLiveDialog.back'), helpText: t('goLiveDialog.backHelp'), disabled: program === null },
              ]}
              selected={[isBack ? 'back' : 'now']}
              onChange={([chosen]) => setLooksBack(chosen === 'back')}
            />
          ) : (
            <Text as="p">{t('loyaltyPast:dialog.text')}</Text>
          )}
          {isBack && program !== null ? (
            <LookBackFields
              {...{ past, beforeDay, day, count, program, currency }}
              onDay={(chosen) => {
                forget();
                setDay(chosen);
              }}
              onCount={() => void start(day)}
            />
          ) : null}
        </BlockStack>
      </Modal.Section>
      {occasion === 'start' ? (
        <Modal.Section>
          <Text as="p">{t('goLiveDialog.reversible')}</Text>
        </Modal.Section>
      ) : null}
    </Modal>
  );
}
