import { useSearchParams } from '@remix-run/react';
import { Button } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { saveFile } from '#app/components/retention/save-file.ts';

/** The customers that the list shows, of all its pages. */
export function ExportCustomersButton({ asOf }: { asOf: string }) {
  const { t, i18n } = useTranslation('customers');
  const [search] = useSearchParams();
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    const address = new URLSearchParams(search);
    address.set('locale', i18n.language);
    try {
      await saveFile(`/app/export/customers.csv?${address}`, `customers-${asOf}.csv`);
    } catch (error) {
      const said = error instanceof Error && typeof error.cause === 'string' ? error.cause : t('exportFailed');
      window.shopify.toast.show(said, { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <Button onClick={() => void download()} loading={isLoading}>
      {t('export')}
    </Button>
  );
}
