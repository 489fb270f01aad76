import { Button } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { saveFile } from './save-file.ts';

/** Fetched and not linked to: App Bridge gives its token to what a page fetches, and a link would bring none. */
export function DownloadButton({ asOf, period, cut = null }: { asOf: string; period?: string; cut?: string | null }) {
  const { t, i18n } = useTranslation('cohorts');
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      const query = new URLSearchParams({ asOf, locale: i18n.language, ...(period === undefined ? {} : { period }), ...(cut === null ? {} : { cut }) });
      await saveFile(`/app/export/cohorts.csv?${query}`, `cohorts-${asOf}.csv`);
    } catch {
      window.shopify.toast.show(t('downloadFailed'), { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <Button onClick={() => void download()} loading={isLoading}>
      {t('download')}
    </Button>
  );
}
