import { Button } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import type { Segment } from '#app/domain/segments/segment.ts';

/** Leads to a new segment of the conditions that a list shows; nothing where it shows everybody. */
export function SaveAsSegmentButton({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segments');
  if (segment.conditions.length === 0) return null;
  return <Button url={`/app/segments/edit?${new URLSearchParams(segmentToQuery(segment))}`}>{t('builder.create')}</Button>;
}
