import { useTranslation } from 'react-i18next';

import { FileButton } from '#app/components/files/file-button.tsx';
import type { PredictionList } from './prediction-sheets.ts';

/** A table of the page as a file. */
export function TableDownload({ list, asOf }: { list: PredictionList; asOf: string }) {
  const { t, i18n } = useTranslation('predictions');
  const query = new URLSearchParams({ list, asOf, locale: i18n.language });
  return <FileButton label={t('download')} address={`/app/export/predictions.csv?${query}`} fileName={`${list}-${asOf}.csv`} failed={t('downloadFailed')} />;
}

/** What is predicted of each customer, in the file of customers. */
export function CustomersDownload({ asOf }: { asOf: string }) {
  const { t, i18n } = useTranslation('predictions');
  const query = new URLSearchParams({ asOf, locale: i18n.language });
  return <FileButton label={t('next.download')} address={`/app/export/customers.csv?${query}`} fileName={`customers-${asOf}.csv`} failed={t('downloadFailed')} />;
}
