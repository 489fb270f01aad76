import { useEffect, useRef, useState } from 'preact/hooks';

import type { AdminCustomerCard } from '../../../app/contracts/admin-blocks.ts';
import { askAdmin, waitFor } from '../../admin-kit/src/ask-admin.ts';
import { readCard, retryAfterOf } from './view-model.ts';

export type KnownCard = 'loading' | 'unavailable' | AdminCustomerCard;

/** A forecast is there within seconds; a store so large that it is not has it at the next visit. */
const MOST_RETRIES = 15;

/** What is known of the customer, and a way to ask anew. */
export function useCard(customerId: string): { known: KnownCard; ask: () => void } {
  const [known, setKnown] = useState<KnownCard>('loading');
  // Of the question that is under way: a newer one ends it.
  const asking = useRef(new AbortController());
  const ask = (): void => {
    asking.current.abort();
    const { signal } = (asking.current = new AbortController());
    setKnown((before) => (before === 'unavailable' ? 'loading' : before));
    void askUntilComplete(customerId, signal, setKnown);
  };
  useEffect(() => {
    ask();
    return () => asking.current.abort();
  }, [customerId]);
  return { known, ask };
}

async function askUntilComplete(customerId: string, signal: AbortSignal, show: (change: (before: KnownCard) => KnownCard) => void): Promise<void> {
  const path = `/api/admin/customer?id=${encodeURIComponent(customerId)}`;
  for (let retries = 0; ; retries += 1) {
    const reply = await askAdmin(path, { signal });
    if (signal.aborted) return;
    const card = reply.kind === 'answer' ? readCard(reply.body) : null;
    // What is shown already is better than nothing, when only a renewal fails.
    show((before) => card ?? (typeof before === 'string' ? 'unavailable' : before));
    const retryAfterMs = card && retryAfterOf(card);
    if (retryAfterMs === null || retries >= MOST_RETRIES) return;
    await waitFor(retryAfterMs, signal);
  }
}
