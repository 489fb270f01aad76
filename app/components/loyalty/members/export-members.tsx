import { Button, InlineStack } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { saveFile } from '#app/components/retention/save-file.ts';

/** The ways in for points from elsewhere and for whole segments; and everything out, at any time: who has what, and each entry of the ledger. */
export function ExportMembers({ importUrl }: { importUrl: string }) {
  const { t } = useTranslation('loyaltyMembers');
  return (
    <InlineStack gap="200">
      <Button url="/app/loyalty/gifts">{t('gifts')}</Button>
      <Button url={importUrl}>{t('empty.toImport')}</Button>
      <ExportFile file="loyalty-members" label={t('export.members')} />
      <ExportFile file="loyalty-ledger" label={t('export.ledger')} />
    </InlineStack>
  );
}

export interface ExportFileProps {
  /** As the address and the browser name it, without `.csv`. */
  file: 'loyalty-members' | 'loyalty-ledger' | 'loyalty-liability';
  label: string;
}

export function ExportFile({ file, label }: ExportFileProps) {
  const { t } = useTranslation('loyaltyMembers');
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      await saveFile(`/app/export/${file}.csv`, `${file}.csv`);
    } catch {
      window.shopify.toast.show(t('export.failed'), { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <Button loading={isLoading} onClick={() => void download()}>
      {label}
    </Button>
  );
}
