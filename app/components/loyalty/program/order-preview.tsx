import { BlockStack, Box, Card, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { PreviewOfSurfaces } from '#app/components/previews/preview-card.tsx';
import { decimalOfMinorUnits } from '#app/domain/money/decimal-of-minor-units.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import type { EarningLine } from '#app/domain/loyalty/accrual/earning-order.ts';
import { previewOrder } from '#app/domain/loyalty/program/preview-order.ts';
import type { MoneyAmount, Program } from '#app/domain/loyalty/program/program.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { startOfDay } from '#app/domain/time/day-of-instant.ts';
import { OrderSentence } from './order-sentence.tsx';

export interface OrderPreviewProps {
  /** Null while a field is wrong. */
  program: Program | null;
  currency: string;
  aovMinor: number | null;
  timeZone: string;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
}

const USUAL_UNITS = 80;

/** What an order would earn and what that is worth, by the function that gives the points. */
export function OrderPreview({ program, currency, aovMinor, timeZone, today }: OrderPreviewProps) {
  const { t } = useTranslation('loyalty');
  const [typed, setTyped] = useState<string>(() => decimalOfMinorUnits(sampleMinor(currency, aovMinor), currency));
  const parsed = parseMinorUnits(typed.trim(), currency);
  const isAmount = parsed.ok && parsed.value > 0 && parsed.value <= 100_000_000_000;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('preview.title')}
        </Text>
        <TextField
          label={t('preview.order')}
          value={typed}
          prefix={currency}
          inputMode="decimal"
          autoComplete="off"
          {...(isAmount ? {} : { error: t('problems.amount', { example: decimalOfMinorUnits(sampleMinor(currency, aovMinor), currency) }) })}
          onChange={setTyped}
        />
        {program === null || !isAmount ? (
          <Text as="p" tone="subdued">
            {t('preview.incomplete')}
          </Text>
        ) : (
          <Preview program={program} value={{ currency, amountMinor: parsed.value }} nowMs={startOfDay(parseDay(today) ?? 0, timeZone)} timeZone={timeZone} />
        )}
      </BlockStack>
    </Card>
  );
}

/** The average order, in round figures. */
function sampleMinor(currency: string, aovMinor: number | null): number {
  const unitMinor = 10 ** requireCurrencyExponent(currency);
  if (aovMinor === null || aovMinor < unitMinor) return USUAL_UNITS * unitMinor;
  const magnitude = 10 ** Math.max(0, Math.floor(Math.log10(aovMinor / unitMinor)) - 1);
  return Math.round(aovMinor / (unitMinor * magnitude)) * unitMinor * magnitude;
}

interface PreviewProps {
  program: Program;
  value: MoneyAmount;
  nowMs: number;
  timeZone: string;
}

function Preview({ program, value, nowMs, timeZone }: PreviewProps) {
  const { t } = useTranslation('loyalty');
  const formats = useFormats();
  const { multipliers } = program.earning;
  const [tierId, setTierId] = useState('');
  const [multiplierId, setMultiplierId] = useState('');
  const levels = program.tiers?.levels ?? [];
  const tier = levels.find(({ id }) => id === tierId) ?? levels[0] ?? null;
  const lines = linesIn(program, multiplierId, value.amountMinor);
  const { targetPoints, reason } = previewOrder(program, { value, lines, tier, nowMs });
  const rule = reason.code === 'order-earned' ? reason.lines[0] : undefined;
  const winner = () => {
    if (rule === undefined || rule.rule === 'usual' || rule.rule === 'gift-card') return t('preview.ruleUsual');
    const factor = formats.ratio(rule.factorBasisPoints / 10_000);
    const name = rule.rule === 'tier' ? tier?.name : multipliers.find(({ id }) => id === rule.ruleId)?.name;
    return t('preview.rule', { name: name === undefined || name === '' ? t('multipliers.unnamedRule') : name, factor });
  };
  return (
    <BlockStack gap="300">
      {levels.length > 1 ? (
        <Select label={t('preview.tier')} options={levels.map(({ id, name }) => ({ value: id, label: name }))} value={tier?.id ?? ''} onChange={setTierId} />
      ) : null}
      {multipliers.some(({ scope }) => scope.kind !== 'all') ? (
        <Select
          label={t('preview.product')}
          options={[
            { value: '', label: t('preview.anyProduct') },
            ...multipliers.flatMap(({ id, name, scope }) => (scope.kind === 'all' ? [] : [{ value: id, label: name === '' ? t('multipliers.unnamedRule') : name }])),
          ]}
          value={multiplierId}
          onChange={setMultiplierId}
        />
      ) : null}
      <OrderSentence program={program} value={value} points={targetPoints} />
      <Box>
        <Text as="p" variant="bodySm" tone="subdued">
          {winner()}
        </Text>
      </Box>
      <PreviewOfSurfaces
        surfaces={['thank-you', 'loyalty-page', 'checkout', 'profile', 'storefront']}
        shop={{ program, currency: value.currency, timeZone, nowMs }}
        orderPoints={targetPoints}
      />
    </BlockStack>
  );
}

/** An order of one product: any, or one that a multiplier is for. */
function linesIn({ earning }: Program, multiplierId: string, amountMinor: number): EarningLine[] {
  const scope = earning.multipliers.find(({ id }) => id === multiplierId)?.scope;
  const productId = scope?.kind === 'products' ? (scope.productIds[0] ?? null) : null;
  const collectionIds = scope?.kind === 'collections' ? scope.collectionIds.slice(0, 1) : [];
  return [{ lineId: 1n, productId, collectionIds, isGiftCard: false, remainingMinor: amountMinor }];
}
