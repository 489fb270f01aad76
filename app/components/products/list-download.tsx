import { useTranslation } from 'react-i18next';

import { FileButton } from '#app/components/files/file-button.tsx';
import type { ProductPageProps } from './product-page.tsx';
import type { ProductList } from './product-sheets.ts';

export interface ListDownloadProps extends Pick<ProductPageProps, 'asOf' | 'cut' | 'support'> {
  list: ProductList;
}

/** The whole list as a file. */
export function ListDownload({ list, asOf, cut, support }: ListDownloadProps) {
  const { t, i18n } = useTranslation('products');
  const query = new URLSearchParams({ list, asOf, support, locale: i18n.language, ...(cut === null ? {} : { cut }) });
  return <FileButton label={t('downloadList')} address={`/app/export/products.csv?${query}`} fileName={`${list}-${asOf}.csv`} failed={t('replenishment.downloadFailed')} />;
}
