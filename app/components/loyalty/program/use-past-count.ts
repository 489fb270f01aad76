import { useCallback, useRef, useState } from 'react';

import { addPastAwards, NO_PAST_AWARDS } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { PastAwards, PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { PastAnswer, PastProblem } from './past-answer.ts';

const ADDRESS = '/app/loyalty/past-orders';

export type PastCount =
  | { readonly step: 'none' }
  | { readonly step: 'counting'; readonly share: number }
  | { readonly step: 'refused'; readonly reason: PastProblem }
  | { readonly step: 'counted'; readonly sinceDay: string; readonly counted: PastAwards; readonly orders: PastOrders };

/** Counts, piece by piece, what looking back from a day on would come to. */
export function usePastCount(program: Program | null) {
  const [count, setCount] = useState<PastCount>({ step: 'none' });
  const turn = useRef(0);
  const start = useCallback(
    async (sinceDay: string) => {
      turn.current += 1;
      const mine = turn.current;
      setCount({ step: 'counting', share: 0 });
      let counted = NO_PAST_AWARDS;
      let after: string | null = '0';
      while (after !== null) {
        const answer: PastAnswer = await send({ program: program === null ? '' : JSON.stringify(program), sinceDay, after });
        // Another day was chosen meanwhile, or the dialog was closed.
        if (turn.current !== mine) return;
        if (answer.outcome === 'refused') {
          setCount({ step: 'refused', reason: answer.reason });
          return;
        }
        counted = addPastAwards(counted, answer.counted);
        after = answer.next;
        const { orders } = answer;
        if (after === null) setCount({ step: 'counted', sinceDay, counted, orders });
        else setCount({ step: 'counting', share: Math.min(1, counted.ordersSeen / Math.max(1, orders.orders)) });
      }
    },
    [program],
  );
  const forget = useCallback(() => {
    turn.current += 1;
    setCount({ step: 'none' });
  }, []);
  return { count, start, forget };
}

/** With the token that App Bridge gives to what a page fetches. */
async function send(fields: Readonly<Record<string, string>>): Promise<PastAnswer> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    const answer = await fetch(ADDRESS, { method: 'POST', body });
    const parsed: PastAnswer | null = await answer.json();
    return parsed ?? { outcome: 'refused', reason: 'failed' };
  } catch {
    return { outcome: 'refused', reason: 'failed' };
  }
}
