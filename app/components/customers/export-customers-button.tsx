import { useSearchParams } from '@remix-run/react';
import { Button } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { saveFile } from '#app/components/retention/save-file.ts';

/** The customers that the list shows, of all its pages. */
export function ExportCustomersButton({ asOf }: { asOf: string }) {
  const { t } = useTranslation('customers');
  const [search] = useSearchParams();
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      await saveFile(`/app/export/customers.csv?${search}`, `customers-${asOf}.csv`);
    } catch {
      window.shopify.toast.show(t('exportFailed'), { isError: true });
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
