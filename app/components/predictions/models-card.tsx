import { BlockStack, Button, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { ComparedModels } from '#app/domain/retention/predictions/compare-models.ts';

export interface ModelsCardProps {
  /** Undefined until it was asked for; null where too little is known. */
  compared: ComparedModels | null | undefined;
  isLoading: boolean;
  onCompare: () => void;
}

/** Whether other models agree, for whoever asks: they are fitted then. */
export function ModelsCard({ compared, isLoading, onCompare }: ModelsCardProps) {
  const { t } = useTranslation('predictions');
  const isThere = compared !== undefined && compared !== null;
  return (
    <SectionCard title={t('models.title')} text={t('models.text')} notes={isThere ? [t('models.formula')] : []}>
      <div aria-live="polite">
        {compared === undefined ? (
          <Button loading={isLoading} onClick={onCompare}>
            {t('models.compare')}
          </Button>
        ) : compared === null ? (
          <Text as="p">{t('models.tooLittle')}</Text>
        ) : (
          <ModelsTable compared={compared} />
        )}
      </div>
    </SectionCard>
  );
}

function ModelsTable({ compared: { models, furthestShare } }: { compared: ComparedModels }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  return (
    <BlockStack gap="300">
      {furthestShare === null ? null : <Text as="p">{t('models.furthest', { share: formats.percent(furthestShare) })}</Text>}
      <NumberTable
        caption={t('models.title')}
        nameTitle={t('models.model')}
        columns={[{ title: t('models.orders') }, { title: t('models.alive') }, { title: t('models.logLikelihood') }]}
        rows={models.map(({ name, wasTried, logLikelihood, expectedOrders, expectedAlive }) => {
          const none = wasTried ? t('models.noFit') : t('models.tooLarge');
          const cells = [
            expectedOrders === null ? none : formats.count(expectedOrders),
            expectedAlive === null ? (expectedOrders === null ? t('none') : t('models.nobodyLeaves')) : formats.count(expectedAlive),
            logLikelihood === null ? t('none') : formats.ratio(logLikelihood),
          ];
          return { key: name, name, cells };
        })}
      />
    </BlockStack>
  );
}
