// @vitest-environment jsdom
import { signal } from '@preact/signals';
import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { EstimateRequest } from '#app/contracts/earn-estimate.ts';
import { aRedemption, someLoyalty } from '#test/e2e/support/shopper-answers.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { setUpShopify, still } from '../support/shopify-global.ts';

const EXTENSION = 'perennial-checkout';
const extension = getExtension('purchase.checkout.block.render', { configSearchDir: `extensions/${EXTENSION}` });
const CODE = 'PTS-NEW';
const EUR = (amount: number) => ({ amount, currencyCode: 'EUR' });
const aLine = (amount: number) => ({
  cost: { totalAmount: EUR(amount) },
  merchandise: { product: { id: 'gid://shopify/Product/10' }, requiresShipping: true },
  lineComponents: [],
});

let bodies: unknown[];
let changes: unknown[];
let redeemAnswer: unknown;
/** What the block has asked an estimate of, and how it is answered. */
let questions: EstimateRequest[];
let answerEstimate: () => Response | Promise<Response>;
/** What the browser keeps over a reload. */
let kept: Map<string, unknown>;

beforeEach(() => {
  process.env.APP_URL = 'https://app.example.com';
  bodies = [];
  changes = [];
  kept = new Map();
  questions = [];
  answerEstimate = () => new Response(JSON.stringify({ state: 'none' }));
  redeemAnswer = { state: 'reserved', redemption: aRedemption('new', { code: CODE }) };
  extension.setUp();
  setUpShopify(extension.shopify, EXTENSION);
  setCheckout();
  extension.fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    if (pathname === '/api/shopper/estimate') {
      questions.push(JSON.parse(String(init?.body)));
      return answerEstimate();
    }
    if (pathname === '/api/shopper/loyalty') return new Response(JSON.stringify(someLoyalty({ redemptions: [] })));
    bodies.push(JSON.parse(String(init?.body ?? 'null')));
    return new Response(JSON.stringify(redeemAnswer));
  };
});

afterEach(async () => {
  render(null, document.body);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  extension.tearDown();
});

function setCheckout({ isSignedIn = true, customer = still(isSignedIn ? { id: 'gid://shopify/Customer/1' } : undefined) as object, takes = (): unknown => ({ type: 'success' }), lines = still([aLine(52)]) as object } = {}): void {
  // The tester knows no buyer, as Shopify where the app may not read customers; so the field is defined, not set.
  const fields = {
    buyerIdentity: { customer },
    discountCodes: still([]),
    instructions: still({ discounts: { canUpdateDiscountCodes: true } }),
    cost: { subtotalAmount: still(EUR(52)), totalShippingAmount: still(undefined), totalTaxAmount: still(EUR(8.3)), totalAmount: still(EUR(52)) },
    lines,
    discountAllocations: still([]),
    applyDiscountCodeChange: async (change: unknown) => {
      changes.push(change);
      return takes();
    },
    storage: {
      read: async (name: string) => kept.get(name) ?? null,
      write: async (name: string, value: unknown) => void kept.set(name, value),
      delete: async (name: string) => void kept.delete(name),
    },
  };
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(extension.shopify, name, { value, writable: true, configurable: true, enumerable: true });
  }
}

async function renderBlock(): Promise<void> {
  const { default: renderTarget } = await import('../../../extensions/perennial-checkout/src/Checkout.tsx');
  renderTarget();
}

const shown = () => document.body.textContent ?? '';
const words = (text: string) => waitFor(text, () => (shown().includes(text) ? true : undefined));

async function press(label: string): Promise<void> {
  await words(label);
  [...document.body.querySelectorAll('s-button')].find(({ textContent }) => textContent === label)?.dispatchEvent(new Event('click'));
}

describe('the checkout block', () => {
  it('spends points by one tap and puts the code on the order', async () => {
    await renderBlock();
    await press('Use 1,200 points: €12 off');
    await waitFor('the change', () => (changes.length > 0 ? true : undefined));
    expect(bodies).toEqual([{ rewardId: 'any', points: 1200, requestKey: expect.any(String) }]);
    expect(changes).toEqual([{ type: 'addDiscountCode', code: CODE }]);
  });

  it.each([
    ['says no', () => ({ type: 'error', message: 'No' })],
    ['throws, as with a wallet', () => { throw new Error('Wallet'); }],
  ])('keeps the code for the account where the checkout %s', async (_name, takes) => {
    setCheckout({ takes });
    await renderBlock();
    await press('Use 1,000 points: 10% off');
    await words(`This checkout did not take the code ${CODE}. It waits in your account.`);
    expect(document.body.querySelector('s-clipboard-item')?.getAttribute('text')).toBe(CODE);
  });

  it.each([
    [{ state: 'refused', reason: 'insufficient-points' }, 'These points cannot be spent any more.'],
    [{ hello: 'there' }, 'That did not work. Please try again: nothing is taken twice.'],
  ])('says in words that nothing was spent: %o', async (answer, text) => {
    redeemAnswer = answer;
    await renderBlock();
    await press('Use 1,000 points: 10% off');
    await words(text);
    expect(changes).toEqual([]);
  });

  const TROUBLE = 'That did not work. Please try again: nothing is taken twice.';
  const keys = () => bodies.map((body) => Reflect.get(Object(body), 'requestKey'));

  async function reload(): Promise<void> {
    render(null, document.body);
    await renderBlock();
  }

  it('goes on with the same wish after a reload until it is settled, and then makes a new one', async () => {
    const answer = redeemAnswer;
    redeemAnswer = { hello: 'there' };
    await renderBlock();
    await press('Use 1,000 points: 10% off');
    await words(TROUBLE);
    await reload();
    await press('Use 1,200 points: €12 off');
    await words(TROUBLE);
    await reload();
    redeemAnswer = answer;
    await press('Use 1,200 points: €12 off');
    await waitFor('the change', () => (changes.length === 1 ? true : undefined));
    expect(kept.size).toBe(0);
    await reload();
    await press('Use 1,200 points: €12 off');
    await waitFor('the next change', () => (changes.length === 2 ? true : undefined));
    const [other, first, again, next] = keys();
    expect(again).toBe(first);
    expect(new Set([other, first, next]).size).toBe(3);
  });

  it('takes nobody else’s wish', async () => {
    redeemAnswer = { hello: 'there' };
    await renderBlock();
    await press('Use 1,000 points: 10% off');
    await words(TROUBLE);
    setCheckout({ customer: still({ id: 'gid://shopify/Customer/2' }) });
    await reload();
    await press('Use 1,000 points: 10% off');
    await words(TROUBLE);
    expect(new Set(keys()).size).toBe(2);
  });

  it.each([
    ['refuses to', () => Promise.reject(new Error('Denied'))],
    ['never answers', () => new Promise(() => {})],
    ['has something else', async () => ({ of: 7 })],
  ])('redeems where the browser %s tell what it kept', async (_name, read) => {
    extension.shopify.storage = { read, write: () => Promise.reject(new Error('Denied')), delete: () => Promise.reject(new Error('Denied')) } as typeof extension.shopify.storage;
    await renderBlock();
    await press('Use 1,000 points: 10% off');
    await waitFor('the change', () => (changes.length > 0 ? true : undefined));
  });

  it('is not there for a guest', async () => {
    setCheckout({ isSignedIn: false });
    await renderBlock();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect([shown(), bodies]).toEqual(['', []]);
  });

  it('is gone as soon as the shopper signs out', async () => {
    const customer = signal<object | undefined>({ id: 'gid://shopify/Customer/1' });
    setCheckout({ customer });
    await renderBlock();
    await words('You have');
    customer.value = undefined;
    await waitFor('the block to be gone', () => (shown() === '' ? true : undefined));
  });

  it('shows a sample in the editor', async () => {
    setCheckout({ isSignedIn: false });
    Object.assign(extension.shopify.extension, { editor: { type: 'checkout' } });
    await renderBlock();
    await words('You have 640 points');
  });
});

describe('what the order will earn', () => {
  const known = (points: number, who = 'you', texts = {}) => new Response(JSON.stringify({ state: 'known', points, who, texts }));

  it('stands below the balance', async () => {
    answerEstimate = () => known(245);
    await renderBlock();
    await words('You will earn 245 points with this order');
    await words('You have 1,240 points');
    expect(questions).toEqual([
      {
        currency: 'EUR',
        lines: [{ productId: 'gid://shopify/Product/10', amount: '52.0000', isSent: true }],
        ...{ discounts: [], shipping: null, tax: '8.3000', total: '52.0000' },
      },
    ]);
  });

  it('is all that a guest sees, in the merchant’s words', async () => {
    setCheckout({ isSignedIn: false });
    answerEstimate = () => known(1, 'members', { 'membersEarn.one': 'One leaf for members' });
    await renderBlock();
    await words('One leaf for members');
    expect(shown()).toBe('One leaf for members');
  });

  it.each([
    ['is down', () => Promise.reject(new Error('down'))],
    ['is in trouble', () => new Response('{}', { status: 503 })],
    ['says what nobody knows', () => new Response(JSON.stringify({ state: 'known', points: 'many', who: 'all' }))],
    ['says nothing', () => new Response(JSON.stringify({ state: 'none' }))],
  ])('goes away where the app %s, and comes back with the next change', async (_name, answer) => {
    const lines = signal([aLine(52)]);
    setCheckout({ isSignedIn: false, lines });
    answerEstimate = () => known(245, 'members');
    await renderBlock();
    await words('Members earn 245 points with this order');
    answerEstimate = answer;
    lines.value = [aLine(60)];
    await waitFor('it to be gone', () => (shown() === '' ? true : undefined));
    answerEstimate = () => known(300, 'members');
    lines.value = [aLine(70)];
    await words('Members earn 300 points with this order');
    expect(questions).toHaveLength(3);
  });

  it('is not shown to the next customer', async () => {
    const customer = signal<object | undefined>({ id: 'gid://shopify/Customer/1' });
    setCheckout({ customer });
    answerEstimate = () => known(245);
    await renderBlock();
    await words('You will earn 245 points');
    let answer = (_reply: Response): void => {};
    answerEstimate = () => new Promise((resolve) => (answer = resolve));
    customer.value = undefined;
    await waitFor('the next question', () => questions.length === 2 || undefined);
    expect(shown()).not.toContain('245');
    answer(known(200, 'members'));
    await words('Members earn 200 points with this order');
  });

  it('is not asked of an empty cart', async () => {
    setCheckout({ lines: still([]) });
    await renderBlock();
    await words('You have 1,240 points');
    expect(questions).toEqual([]);
  });
});
