import { useState } from 'preact/hooks';

/**
 * Names one filled form, so that sent twice it has its effect once. What is changed after an answer got lost is another
 * wish.
 */
export function useRequestKey(): { requestKey: string; renew: () => void } {
  const [requestKey, setRequestKey] = useState(() => crypto.randomUUID());
  return { requestKey, renew: () => setRequestKey(crypto.randomUUID()) };
}
