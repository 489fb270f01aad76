import { ActionList, Button, InlineStack, Popover } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDownload } from '#app/components/files/use-download.ts';

/** Named as the address and the browser name them, without `loyalty-` and `.csv`. */
const FILES = ['members', 'ledger', 'redemptions', 'tiers', 'exclusions', 'program'] as const;

/** Who may adjust points; the ways in for points from elsewhere and for whole segments; and everything out, at any time. */
export function ExportMembers({ importUrl }: { importUrl: string }) {
  const { t } = useTranslation('loyaltyMembers');
  const [isOpen, setIsOpen] = useState(false);
  const { isLoading, download } = useLoyaltyFile();
  const items = FILES.map((file) => ({
    content: t(`export.${file}`),
    onAction: () => {
      setIsOpen(false);
      void download(`loyalty-${file}`);
    },
  }));
  return (
    <InlineStack gap="200">
      <Button url="/app/loyalty/staff">{t('staffPermissions')}</Button>
      <Button url="/app/loyalty/gifts">{t('gifts')}</Button>
      <Button url={importUrl}>{t('empty.toImport')}</Button>
      <Popover
        active={isOpen}
        activator={<Button disclosure loading={isLoading} onClick={() => setIsOpen(!isOpen)}>{t('export.title')}</Button>}
        autofocusTarget="first-node"
        onClose={() => setIsOpen(false)}
      >
        <ActionList actionRole="menuitem" items={items} />
      </Popover>
    </InlineStack>
  );
}

/** The file of the report on what is owed. */
export function ExportLiability({ label }: { label: string }) {
  const { isLoading, download } = useLoyaltyFile();
  return (
    <Button loading={isLoading} onClick={() => void download('loyalty-liability')}>
      {label}
    </Button>
  );
}

function useLoyaltyFile() {
  const { t } = useTranslation('loyaltyMembers');
  const { isLoading, download } = useDownload(t('export.failed'));
  return { isLoading, download: (file: string) => download(`/app/export/${file}.csv`, `${file}.csv`) };
}
