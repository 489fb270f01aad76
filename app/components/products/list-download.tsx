import { Button, InlineStack } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { saveFile } from '#app/components/retention/save-file.ts';
import type { ProductPageProps } from './product-page.tsx';
import type { ProductList } from './product-sheets.ts';

export interface ListDownloadProps extends Pick<ProductPageProps, 'asOf' | 'cut' | 'support'> {
  list: ProductList;
}

/** The whole list as a file. Fetched and not linked to: App Bridge gives its token to what a page fetches. */
export function ListDownload({ list, asOf, cut, support }: ListDownloadProps) {
  const { t, i18n } = useTranslation('products');
  const [isLoading, setIsLoading] = useState(false);
  const download = async () => {
    setIsLoading(true);
    try {
      const query = new URLSearchParams({ list, asOf, support, locale: i18n.language, ...(cut === null ? {} : { cut }) });
      await saveFile(`/app/export/products.csv?${query}`, `${list}-${asOf}.csv`);
    } catch {
      window.shopify.toast.show(t('replenishment.downloadFailed'), { isError: true });
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <InlineStack>
      <Button onClick={() => void download()} loading={isLoading}>
        {t('downloadList')}
      </Button>
    </InlineStack>
  );
}
