import { Button, InlineStack } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { saveFile } from '#app/components/retention/save-file.ts';

const FILES = { members: 'loyalty-members', ledger: 'loyalty-ledger' } as const;

/** Everything, at any time: who has what, and each entry of the ledger. */
export function ExportMembers() {
  const { t } = useTranslation('loyaltyMembers');
  const [loading, setLoading] = useState<keyof typeof FILES | null>(null);
  const download = async (what: keyof typeof FILES) => {
    setLoading(what);
    try {
      await saveFile(`/app/export/${FILES[what]}.csv`, `${FILES[what]}.csv`);
    } catch {
      window.shopify.toast.show(t('export.failed'), { isError: true });
    } finally {
      setLoading(null);
    }
  };
  return (
    <InlineStack gap="200">
      {(['members', 'ledger'] as const).map((what) => (
        <Button key={what} loading={loading === what} disabled={loading !== null && loading !== what} onClick={() => void download(what)}>
          {t(`export.${what}`)}
        </Button>
      ))}
    </InlineStack>
  );
}
