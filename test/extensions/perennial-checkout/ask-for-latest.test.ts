import { describe, expect, it } from 'vitest';

import type { EstimateRequest } from '#app/contracts/earn-estimate.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { askForLatest } from '../../../extensions/perennial-checkout/src/use-estimate.ts';

const of = (total: string): EstimateRequest => ({ currency: 'EUR', lines: [], discounts: [], shipping: null, tax: null, total });
const known = (points: number) => new Response(JSON.stringify({ state: 'known', points, who: 'you' }));

/** A page whose clock and network are the test's. */
function aPage() {
  const asked: string[] = [];
  const told: (number | null)[] = [];
  const waits: (() => void)[] = [];
  const answers: ((answer: Response) => void)[] = [];
  const page = new AbortController();
  const app = {
    ...{ address: 'https://app.example.com', getSessionToken: async () => 'token', nowMs: () => 0, signal: page.signal },
    wait: () => new Promise<void>((resolve) => waits.push(resolve)),
    fetch: (_url: string, { body = '' }: { body?: string }) => {
      asked.push(JSON.parse(body).total);
      return new Promise<Response>((resolve) => answers.push(resolve));
    },
  };
  const ask = askForLatest(app, 'en', (estimate) => told.push(estimate?.points ?? null));
  const settled = (what: string, list: readonly unknown[], length: number) => waitFor(what, () => (list.length === length ? true : undefined));
  return { ask, asked, told, waits, answers, page, settled };
}

describe('the estimate', () => {
  it('is asked once it is quiet, one question at a time, and the last answer is told', async () => {
    const { ask, asked, told, waits, answers, settled } = aPage();
    ask(of('1'));
    ask(of('2'));
    waits[0]?.();
    await settled('another quiet while', waits, 2);
    expect(asked).toEqual([]);
    waits[1]?.();
    await settled('the first question', answers, 1);
    ask(of('3'));
    ask(of('4'));
    expect([asked, waits.length]).toEqual([['2'], 2]);
    answers[0]?.(known(20));
    await settled('the quiet while after it', waits, 3);
    expect(told).toEqual([]);
    waits[2]?.();
    await settled('the last question', answers, 2);
    answers[1]?.(known(40));
    await settled('what is told', told, 1);
    expect([asked, told]).toEqual([['2', '4'], [40]]);
  });

  it('is nobody’s business once the page is gone', async () => {
    const { ask, told, waits, answers, page, settled } = aPage();
    ask(of('1'));
    waits[0]?.();
    await settled('the question', answers, 1);
    page.abort();
    answers[0]?.(known(20));
    ask(of('2'));
    await new Promise((resolve) => setImmediate(resolve));
    expect([told, answers.length]).toEqual([[], 1]);
  });
});
