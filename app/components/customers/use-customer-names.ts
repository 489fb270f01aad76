import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';

const NAMES_ADDRESS = '/app/customers/names';

/** What Shopify calls these customers, once it has told; their numbers stand until then, and where it may not tell. */
export function useCustomerNames(ids: readonly string[]): Readonly<Record<string, string>> {
  const { submit, data } = useFetcher<{ names: Record<string, string> } | null>();
  const asked = ids.join(',');
  useEffect(() => {
    if (asked !== '') submit({ ids: asked }, { method: 'post', action: NAMES_ADDRESS });
  }, [asked, submit]);
  return data?.names ?? {};
}

/** To ask for names changes nothing that a page shows. */
export function isAskingForNames(formAction: string | undefined): boolean {
  return formAction?.startsWith(NAMES_ADDRESS) ?? false;
}
