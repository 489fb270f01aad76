import { Button } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Fetched and not linked to: App Bridge gives its token to what a page fetches, and a link would bring none. */
export function DownloadButton({ asOf }: { asOf: string }) {
  const { t, i18n } = useTranslation('cohorts');
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      await saveFile(`/app/export/cohorts.csv?${new URLSearchParams({ asOf, locale: i18n.language })}`, `cohorts-${asOf}.csv`);
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

async function saveFile(address: string, name: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
