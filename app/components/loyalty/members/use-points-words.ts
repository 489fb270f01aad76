import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

/** `1 point`, `400 points`. */
export function usePointsWords(): (points: number) => string {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  return (points) => t('points', { count: points, number: formats.count(points) });
}
