import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';

import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';

/** Comes after the page; undefined until then, and null of a day that Shopify's groups are not of. */
export function useRfmAgreement(asOf: string | null): RfmAgreement | null | undefined {
  const { load, data } = useFetcher<{ asOf: string | null; agreement: RfmAgreement | null }>();
  useEffect(() => {
    if (asOf !== null) load(`/app/group-agreement?${new URLSearchParams({ asOf })}`);
  }, [asOf, load]);
  return data?.asOf === asOf ? data?.agreement : undefined;
}
