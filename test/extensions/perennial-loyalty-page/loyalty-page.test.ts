// @vitest-environment jsdom
import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aRedemption, someEntries, someLoyalty } from '#test/e2e/support/shopper-answers.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { setUpShopify } from '../support/shopify-global.ts';

const EXTENSION = 'perennial-loyalty-page';
const extension = getExtension('customer-account.page.render', { configSearchDir: `extensions/${EXTENSION}` });

let asked: { url: string; authorization: string | null; body: unknown }[];
let answers: Record<string, unknown>;

beforeEach(() => {
  process.env.APP_URL = 'https://app.example.com';
  asked = [];
  answers = { '/api/shopper/loyalty': someLoyalty(), '/api/shopper/entries': someEntries() };
  extension.setUp();
  setUpShopify(extension.shopify, EXTENSION);
  extension.fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    const body: unknown = JSON.parse(String(init?.body ?? 'null'));
    asked.push({ url: String(input), authorization: new Headers(init?.headers).get('Authorization'), body });
    const answer = answers[pathname];
    return answer === undefined ? new Response('{}', { status: 404 }) : new Response(JSON.stringify(answer));
  };
});

afterEach(async () => {
  render(null, document.body);
  // Preact runs effects after a frame; none may outlive the document.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  extension.tearDown();
});

/** The tester's own `render()` imports the module with Node, which reads no TSX; its global `shopify` is the real gain. */
async function renderPage(): Promise<void> {
  const { default: renderTarget } = await import('../../../extensions/perennial-loyalty-page/src/LoyaltyPage.tsx');
  renderTarget();
}

const shown = () => document.body.textContent ?? '';
const words = (text: string) => waitFor(text, () => (shown().includes(text) ? true : undefined));
const headings = () => [...document.body.querySelectorAll('s-section')].map((section) => section.getAttribute('heading'));

function press(label: string): void {
  const button = [...document.body.querySelectorAll('s-button')].find(
    (one) => one.getAttribute('accessibilityLabel') === label || one.textContent === label,
  );
  if (!button) throw new Error(`There is no button “${label}”.`);
  button.dispatchEvent(new Event('click'));
}

describe('the loyalty page', () => {
  it('waits in a few grey lines, then tells everything from the balance to the history', async () => {
    await renderPage();
    await waitFor('the wait', () => document.body.querySelector('s-skeleton-paragraph') ?? undefined);
    await words('Order #1042');
    expect(headings()).toEqual([
      '1,240 points', 'Silver', 'Your codes', 'Rewards', 'Ways to earn', 'Your birthday', 'History',
    ]); // prettier-ignore
    expect(document.body.querySelector('s-progress')?.getAttribute('accessibilityLabel')).toBe('76% of the way to Gold');
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer the.session.token', 'Bearer the.session.token']);
    expect(asked.every(({ url }) => !url.includes('session.token'))).toBe(true);
  });

  it('shows who has nothing yet how to earn before what it buys', async () => {
    const balance = { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null };
    answers['/api/shopper/loyalty'] = someLoyalty({ balance, redemptions: [], tier: null });
    answers['/api/shopper/entries'] = { entries: [], next: null };
    await renderPage();
    await words('No points yet.');
    expect(headings()).toEqual(['0 points', 'Ways to earn', 'Rewards', 'Your birthday']);
  });

  it('promises nothing while nothing is earned', async () => {
    answers['/api/shopper/loyalty'] = someLoyalty({ program: { status: 'winding-down', lastRedemptionDay: '2027-01-31' } });
    await renderPage();
    await words('Use your points by January 31, 2027.');
    await words('Order #1042');
    expect(headings()).toEqual(['1,240 points', 'Silver', 'Your codes', 'Rewards', 'History']);
  });

  it('asks before it spends, and stops when it is told to', async () => {
    await renderPage();
    await words('500 points');
    press('Redeem: €5 off');
    await words('Spend 500 points on this?');
    press('Not now');
    await waitFor('the question to go', () => (shown().includes('Spend 500') ? undefined : true));
    expect(asked.some(({ body }) => body !== null)).toBe(false);
  });

  it('shows the new code where it was asked for', async () => {
    const redemption = aRedemption('new', { code: 'PTS-NEW' });
    answers['/api/shopper/redemptions'] = { state: 'reserved', redemption };
    await renderPage();
    await words('500 points');
    press('Redeem: €5 off');
    await words('Spend 500 points on this?');
    answers['/api/shopper/loyalty'] = someLoyalty({ redemptions: [redemption] });
    press('Yes, redeem');
    await words('PTS-NEW');
    expect(asked.find(({ body }) => body !== null)?.body).toEqual({ rewardId: 'five', requestKey: expect.any(String) });
  });

  it.each([
    ['already-set', 'A birthday is already set.'],
    ['not-yet', 'Your account is new, and we do not know it yet. Please try again in a minute.'],
    ['closed', 'Your birthday cannot be saved at the moment.'],
    ['excluded', 'Your birthday cannot be saved at the moment.'],
    ['a reason of later', 'Your birthday cannot be saved at the moment.'],
  ])('says why a birthday was not kept: %s', async (reason, text) => {
    answers['/api/shopper/birthday'] = { state: 'refused', reason };
    await renderPage();
    await words('It can be set once.');
    for (const label of ['Month', 'Day']) {
      const select = document.body.querySelector(`s-select[label="${label}"]`);
      if (!select) throw new Error(`There is no choice of ${label}.`);
      Object.assign(select, { value: '5' }).dispatchEvent(new Event('change'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    press('Save');
    await words(text);
    expect(shown()).not.toContain('Points cannot be spent');
  });

  it.each([
    ['it is refused', undefined, 'Your points are not available just now'],
    ['it is answered by somebody else', 'hello', 'Your points are not available just now'],
    ['there is no program, in the merchant’s words', { state: 'off', texts: { off: 'We have closed for good.' } }, 'We have closed for good.'],
    ['there is no program', { state: 'off' }, 'This shop has no points program at the moment.'],
  ])('says so when %s', async (_name, answer, text) => {
    answers['/api/shopper/loyalty'] = answer;
    await renderPage();
    await waitFor(text, () => (shown().includes(text) || headings().includes(text) ? true : undefined));
  });

  it('speaks in the merchant’s words where there are any', async () => {
    answers['/api/shopper/loyalty'] = someLoyalty({ texts: { title: 'Tea leaves', 'points.other': '{{points}} leaves' } });
    await renderPage();
    await words('1,000 leaves');
    expect(document.body.querySelector('s-page')?.getAttribute('heading')).toBe('Tea leaves');
  });

  it('shows a sample in the editor, and asks nobody', async () => {
    Object.assign(extension.shopify.extension, { editor: { type: 'checkout' } });
    await renderPage();
    await words('Free shipping');
    expect(asked).toEqual([]);
  });
});
