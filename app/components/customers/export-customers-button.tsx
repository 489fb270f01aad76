import { useSearchParams } from '@remix-run/react';
import { useTranslation } from 'react-i18next';

import { FileButton } from '#app/components/files/file-button.tsx';

/** The customers that the list shows, of all its pages. */
export function ExportCustomersButton({ asOf }: { asOf: string }) {
  const { t, i18n } = useTranslation('customers');
  const [search] = useSearchParams();
  const query = new URLSearchParams(search);
  query.set('locale', i18n.language);
  return <FileButton label={t('export')} address={`/app/export/customers.csv?${query}`} fileName={`customers-${asOf}.csv`} failed={t('exportFailed')} />;
}
