import { BlockStack, Box, Button, InlineStack, List, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { PastOfShop } from './past-answer.ts';
import { PastCountView } from './past-count.tsx';
import type { PastCount } from './use-past-count.ts';

export interface LookBackFieldsProps {
  past: PastOfShop;
  /** `YYYY-MM-DD`: only a day before it is further back. */
  beforeDay: string;
  day: string;
  count: PastCount;
  program: Pick<Program, 'rewards' | 'tiers'>;
  currency: string;
  onDay: (day: string) => void;
  onCount: () => void;
}

/** From which day on past orders earn, and what that comes to. */
export function LookBackFields({ past, beforeDay, day, count, program, currency, onDay, onCount }: LookBackFieldsProps) {
  const { t, i18n } = useTranslation('loyaltyPast');
  const formats = useFormats();
  const { oldestDay, historyDays } = past;
  const isRight = isDayBefore(day, beforeDay);
  const help = joinSentences(i18n.language, [
    oldestDay === null ? t('noOrders') : t('oldest', { day: formats.day(oldestDay) }),
    historyDays === null ? null : t('limited', { days: formats.count(historyDays) }),
  ]);
  return (
    <BlockStack gap="400">
      <List>
        {(['rules', 'expiry', 'quiet', 'stays'] as const).map((what) => (
          <List.Item key={what}>{t(`${what}`)}</List.Item>
        ))}
      </List>
      <InlineStack gap="300" blockAlign="start">
        <Box width="260px" maxWidth="100%">
          <TextField
            type="date"
            label={t('day')}
            value={day}
            {...(oldestDay === null ? {} : { min: oldestDay })}
            max={dayBefore(beforeDay)}
            {...(isRight ? { helpText: help } : { error: t('dayBefore', { day: formats.day(beforeDay) }) })}
            autoComplete="off"
            onChange={onDay}
          />
        </Box>
      </InlineStack>
      <div>
        <Button loading={count.step === 'counting'} disabled={!isRight} onClick={onCount}>
          {t('count')}
        </Button>
      </div>
      <div role="status" aria-busy={count.step === 'counting'} id="counting-past-orders">
        <PastCountView count={count} program={program} currency={currency} />
      </div>
      {count.step === 'counted' ? null : (
        <Text as="p" variant="bodySm" tone="subdued">
          {t('countFirst')}
        </Text>
      )}
    </BlockStack>
  );
}

export function isDayBefore(day: string, before: string): boolean {
  return parseDay(day) !== null && day < before;
}

function dayBefore(day: string): string {
  return formatDay((parseDay(day) ?? 0) - 1);
}
