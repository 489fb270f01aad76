import { Banner } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';

/** Where Shopify lets us read the orders of so many days only: what that does to numbers. Nothing where it lets us read all. */
export function LimitedHistory({ historyDays }: { historyDays: number | null }) {
  const { t } = useTranslation('overview');
  const formats = useFormats();
  if (historyDays === null) return null;
  return (
    <Banner tone="info" title={t('limitedHistory.title', { days: formats.count(historyDays) })}>
      <p>{t('limitedHistory.text')}</p>
    </Banner>
  );
}
