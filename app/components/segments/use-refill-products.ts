import { useEffect, useState } from 'react';

interface RefillProduct {
  key: string;
  title: string;
}

/** The products of which it is known when customers are due; none while they are looked for, or where nobody asks. */
export function useRefillProducts(asOf: string, isAsked: boolean): readonly RefillProduct[] {
  const [found, setFound] = useState<{ asOf: string; products: readonly RefillProduct[] } | null>(null);
  useEffect(() => {
    if (!isAsked) return;
    const asking = new AbortController();
    const ask = async () => {
      const answer = await fetch(`/app/segments/count?${new URLSearchParams({ asOf, replenishment: 'due' })}`, { signal: asking.signal });
      const told: { refillProducts: readonly RefillProduct[] } | null = answer.ok ? await answer.json() : null;
      setFound({ asOf, products: told?.refillProducts ?? [] });
    };
    // Without them the rule can still ask for any product.
    ask().catch(() => {});
    return () => asking.abort();
  }, [asOf, isAsked]);
  return found?.asOf === asOf ? found.products : [];
}
