import { useTranslation } from 'react-i18next';

import { Under } from '#app/components/tables/number-table.tsx';
import type { Product } from '#app/domain/retention/products/line-columns.ts';

/** What a product is called; without a title by its SKU or number. */
export function useProductTitle(): (product: Product) => string {
  const { t } = useTranslation('products');
  return ({ title, sku, id }) => title || sku || String(id) || t('untitled');
}

export function ProductName({ product }: { product: Product }) {
  const { t } = useTranslation('products');
  const title = useProductTitle()(product);
  return (
    <>
      {title}
      {product.sku === null || product.sku === title ? null : <Under>{t('sku', { sku: product.sku })}</Under>}
    </>
  );
}
