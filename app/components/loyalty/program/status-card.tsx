import { Badge, BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { LookBackDialog } from './look-back-dialog.tsx';
import type { PastOfShop } from './past-answer.ts';
import { PastProgress } from './past-progress.tsx';
import { PauseDialog, ResumeDialog } from './status-dialogs.tsx';
import { WindDownDialog } from './wind-down-dialog.tsx';

export interface StatusCardProps {
  /** What holds now, not what is being typed. */
  program: Pick<Program, 'status' | 'earning'>;
  timeZone: string;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
  past: PastOfShop;
  /** As it would go live; null while a field is wrong. */
  typed: Program | null;
  /** What is sent to go live: null where it is what holds. */
  sent: Program | null;
  currency: string;
  hasUnsaved: boolean;
  isSaving: boolean;
  /** @param counted the past orders whose cost was told, where the change looks back at them */
  onChange: (change: StatusChange, counted: PastOrders | null) => void;
}

const TONES = { off: undefined, live: 'success', paused: 'attention', 'winding-down': 'warning' } as const;

type Dialog = 'live' | 'further-back' | 'paused' | 'winding-down';

/** Whether the program runs, what that means, and the switch. */
export function StatusCard(props: StatusCardProps) {
  const { program, timeZone, today, past, hasUnsaved, isSaving } = props;
  const { status, earning } = program;
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const [open, setOpen] = useState<Dialog | null>(null);
  const { kind } = status;
  const day = kind === 'winding-down' ? formats.day(formatDay(status.lastRedemptionDay)) : '';
  const isRunning = kind === 'live';
  const startDay = formatDay(dayOfInstant(earning.earnsFromMs, timeZone));
  const canLookBack = isRunning && past.progress?.isUnderWay !== true && past.oldestDay !== null && past.oldestDay < startDay;
  const isOver = kind === 'winding-down' && formatDay(status.lastRedemptionDay) < today;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('status.title')}
          </Text>
          <Badge {...(TONES[kind] ? { tone: TONES[kind] } : {})}>{t(`status.${kind}.badge`)}</Badge>
        </InlineStack>
        <BlockStack gap="100">
          <Text as="p">{isOver ? t('status.winding-down.over', { day }) : t(`status.${kind}.text`, { day })}</Text>
          {isRunning ? (
            <Text as="p" tone="subdued">
              {t('status.since', { instant: formats.instant(earning.earnsFromMs, timeZone) })}
            </Text>
          ) : null}
          {hasUnsaved ? (
            <Text as="p" tone="subdued">
              {t(isRunning ? 'status.saveFirst' : 'status.unsaved')}
            </Text>
          ) : null}
        </BlockStack>
        <PastProgress progress={past.progress} />
        <ButtonGroup>
          {isRunning ? null : (
            <Button variant="primary" loading={isSaving} onClick={() => setOpen('live')}>
              {t(kind === 'off' ? 'status.goLive' : 'status.resume')}
            </Button>
          )}
          {canLookBack ? <Button disabled={hasUnsaved} onClick={() => setOpen('further-back')}>{t('status.lookBack')}</Button> : null}
          {isRunning ? <Button disabled={hasUnsaved} onClick={() => setOpen('paused')}>{t('status.pause')}</Button> : null}
          {isRunning || kind === 'paused' ? <Button disabled={hasUnsaved} onClick={() => setOpen('winding-down')}>{t('status.windDown')}</Button> : null}
        </ButtonGroup>
      </BlockStack>
      <Dialogs {...props} open={open} onClose={() => setOpen(null)} />
    </Card>
  );
}

function Dialogs({ program, timeZone, today, past, typed, sent, currency, isSaving, onChange, open, onClose }: StatusCardProps & { open: Dialog | null; onClose: () => void }) {
  const confirm = (change: StatusChange, counted: PastOrders | null = null) => {
    onClose();
    onChange(change, counted);
  };
  const isOff = program.status.kind === 'off';
  const back = { past, currency, isSaving, onClose, onConfirm: confirm };
  return (
    <>
      <LookBackDialog {...back} isOpen={open === 'live' && isOff} occasion="start" beforeDay={today} program={typed} sent={sent} />
      <LookBackDialog
        {...back}
        isOpen={open === 'further-back'}
        occasion="live"
        beforeDay={formatDay(dayOfInstant(program.earning.earnsFromMs, timeZone))}
        program={typed}
        sent={null}
      />
      <ResumeDialog isOpen={open === 'live' && !isOff} isSaving={isSaving} onClose={onClose} onConfirm={() => confirm({ to: 'live' })} />
      <PauseDialog isOpen={open === 'paused'} isSaving={isSaving} onClose={onClose} onConfirm={() => confirm({ to: 'paused' })} />
      <WindDownDialog
        isOpen={open === 'winding-down'}
        program={program}
        today={today}
        onClose={onClose}
        onConfirm={(lastRedemptionDay) => confirm({ to: 'winding-down', lastRedemptionDay })}
      />
    </>
  );
}
