import { BlockStack, Box, List, Modal, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { WIND_DOWN_DAYS, windDownDays } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';

export interface WindDownDialogProps {
  isOpen: boolean;
  program: Pick<Program, 'earning'>;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
  onClose: () => void;
  /** Given the calendar day at the shop. */
  onConfirm: (lastRedemptionDay: number) => void;
}

/** The end of a program that takes nothing from anybody unannounced: what happens, and until when. */
export function WindDownDialog({ isOpen, program, today, onClose, onConfirm }: WindDownDialogProps) {
  const { t } = useTranslation('loyalty');
  const { least, usual, most } = windDownDays(program);
  const from = parseDay(today) ?? 0;
  const [typed, setTyped] = useState(formatDay(from + usual));
  const day = parseDay(typed);
  const isRight = day !== null && day >= from + least && day <= from + most;
  const help = t('windDownDialog.dayHelp', { least, most, days: WIND_DOWN_DAYS.leastToSpend });
  return (
    <Modal
      open={isOpen}
      onClose={onClose}
      title={t('windDownDialog.title')}
      primaryAction={{ content: t('windDownDialog.confirm'), destructive: true, disabled: !isRight, onAction: () => isRight && onConfirm(day) }}
      secondaryActions={[{ content: t('windDownDialog.cancel'), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <List>
            {(['earn', 'spend', 'end', 'back', 'tell'] as const).map((what) => (
              <List.Item key={what}>{t(`windDownDialog.${what}`)}</List.Item>
            ))}
          </List>
          <Box maxWidth="260px">
            <TextField
              type="date"
              label={t('windDownDialog.day')}
              value={typed}
              min={formatDay(from + least)}
              max={formatDay(from + most)}
              {...(isRight ? { helpText: help } : { error: help })}
              autoComplete="off"
              onChange={setTyped}
            />
          </Box>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
