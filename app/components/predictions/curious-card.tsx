import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { PredictionsAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import type { ModelParameters } from '#app/domain/retention/report/predictions-report.ts';

export type CuriousCardProps = Pick<PredictionsAtAGlance, 'churn' | 'spend'> & { currency: string };

/** Which models, fitted how, and with what result. */
export function CuriousCard(props: CuriousCardProps) {
  const { t } = useTranslation('predictions');
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t('curious.title')}
          </Text>
          <Button onClick={() => setIsOpen(!isOpen)} ariaExpanded={isOpen} ariaControls={id}>
            {t(isOpen ? 'curious.hide' : 'curious.show')}
          </Button>
        </InlineStack>
        {isOpen ? (
          <div id={id}>
            <Parameters {...props} />
          </div>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function Parameters({ churn, spend, currency }: CuriousCardProps) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const { model, params, standardErrors, logLikelihood } = churn;
  const { p, q, v, correlation } = spend;
  const hasSpend = p !== null && q !== null && v !== null;
  return (
    <BlockStack gap="300">
      <Text as="p">{t(model === null ? 'curious.noModel' : model === 'NBD' ? 'curious.modelWithoutDropout' : 'curious.model')}</Text>
      {params === null ? null : (
        <>
          <ParameterTable params={params} standardErrors={standardErrors} />
          <Text as="p" tone="subdued">
            {t('curious.fit', { customers: formats.count(churn.customers), logLikelihood: logLikelihood === null ? t('none') : formats.ratio(logLikelihood) })}
          </Text>
        </>
      )}
      <Text as="p">{t(hasSpend ? 'curious.spend' : 'curious.noSpend', { currency })}</Text>
      {hasSpend ? (
        <>
          <ParameterTable params={{ p, q, v }} standardErrors={spend.standardErrors} />
          <Text as="p" tone="subdued">
            {t('curious.fitSpend', {
              customers: formats.count(spend.customers),
              logLikelihood: spend.logLikelihood === null ? t('none') : formats.ratio(spend.logLikelihood),
              correlation: correlation === null ? t('none') : formats.ratio(correlation),
            })}
          </Text>
        </>
      ) : null}
    </BlockStack>
  );
}

function ParameterTable({ params, standardErrors }: { params: ModelParameters; standardErrors: ModelParameters | null }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  return (
    <NumberTable
      caption={t('curious.caption')}
      nameTitle={t('curious.parameter')}
      columns={[{ title: t('curious.value') }, { title: t('curious.standardError') }]}
      rows={Object.entries(params).map(([name, value]) => {
        const error = standardErrors?.[name];
        return { key: name, name, cells: [formats.precise(value), error === undefined ? t('none') : formats.precise(error)] };
      })}
    />
  );
}
