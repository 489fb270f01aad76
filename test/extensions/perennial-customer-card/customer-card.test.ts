// @vitest-environment jsdom
import { getExtension } from '@shopify/ui-extensions-tester';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aCard, aMember, anOutlook } from '#test/e2e/support/admin-answers.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { press, setUpAdminBlock, shown, tearDownAdminBlock, type, words } from '../support/admin-block.ts';
import type { AskedOfApp } from '../support/admin-block.ts';

const EXTENSION = 'perennial-customer-card';
const CUSTOMER = 'gid://shopify/Customer/7001';
const extension = getExtension('admin.customer-details.block.render', { configSearchDir: `extensions/${EXTENSION}` });

let asked: AskedOfApp[];
let answers: ReturnType<typeof setUpAdminBlock>['answers'];

beforeEach(() => {
  ({ asked, answers } = setUpAdminBlock(extension, EXTENSION, CUSTOMER));
  answers['/api/admin/customer'] = aCard();
});
afterEach(() => tearDownAdminBlock(extension));

async function renderBlock(): Promise<void> {
  const { default: renderTarget } = await import('../../../extensions/perennial-customer-card/src/CustomerCard.tsx');
  renderTarget();
}

async function openForm(): Promise<void> {
  await renderBlock();
  await words('Adjust points');
  press('Adjust points');
  await words('What to do');
}

describe('the block on a customer’s page', () => {
  it('tells points, tier and what is missing to the next, the latest entries, and what is to be expected', async () => {
    await renderBlock();
    await words('1,240 points');
    for (const line of [
      'Silver', '€120.50 more spent reaches Gold.', '120 more are pending', '500 are put aside', '300 end on Mar 31, 2027',
      'Order #1042, pending', '+120', '-500', 'Loyal', '6 orders, €412.00', 'Active · 4 orders or more', 'Jan 12, 2027', '87%',
    ]) expect(shown()).toContain(line); // prettier-ignore
    const links = [...document.body.querySelectorAll('s-link')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['app:app/loyalty/members/41', 'app:app/customers/7001']);
    expect(asked).toEqual([{ method: 'GET', path: `/api/admin/customer?id=${encodeURIComponent(CUSTOMER)}`, body: null }]);
  });

  it.each([
    ['somebody without points', aCard(null, { state: 'no-orders' }), ['0 points', 'Not a member yet', 'No order of this customer counts']],
    ['somebody who owes', aCard(aMember({ points: -340, nextExpiry: null })), ['Owes 340 points', 'What is earned next pays this first.']],
    ['somebody who is excluded', aCard(aMember({ isExcluded: true })), ['Excluded', 'Earns and redeems nothing.']],
    ['a store without a program', { ...aCard(null), loyalty: { program: 'none', lastRedemptionDay: null, member: null } }, ['No loyalty program is set up.']],
    ['a program that is paused', { ...aCard(), loyalty: { program: 'paused', lastRedemptionDay: null, member: aMember() } }, ['1,240 points', 'The loyalty program is paused']],
    ['one that is ending', { ...aCard(), loyalty: { program: 'winding-down', lastRedemptionDay: '2027-01-31', member: aMember() } }, ['until Jan 31, 2027']],
    ['a store with too little data', aCard(aMember(), anOutlook({ forecast: { state: 'not-enough-data' } })), ['Not enough data yet', 'too few customers, orders or months']],
    ['a store where a plain rule stands in', aCard(aMember(), anOutlook({ forecast: { state: 'made', returnChance: null, nextOrder: { kind: 'never' }, isByRule: true } })), ['Not expected within a year', 'By a plain rule', 'Not known']],
    ['a store that is being imported', aCard(null, { state: 'importing' }), ['history is being imported']],
    ['words that came later than this bundle', aCard(aMember({ entries: [{ sequence: 1, at: '2026-11-20T10:00:00Z', kind: 'spun' as 'order', points: 5, isPending: false, orderName: null }] }), anOutlook({ group: 'WHALES', rhythm: 'dancing', stage: 'newest' })), ['Adjusted', '6 orders']],
  ])('is honest about %s', async (_name, card, lines) => {
    answers['/api/admin/customer'] = card;
    await renderBlock();
    for (const line of lines) await words(line);
    expect(shown()).not.toMatch(/\{\{|undefined|null|NaN/);
  });

  it('asks again for a forecast that is being worked out', async () => {
    answers['/api/admin/customer'] = aCard(aMember(), anOutlook({ forecast: { state: 'computing', retryAfterMs: 1 } }));
    await renderBlock();
    await words('Being worked out.');
    answers['/api/admin/customer'] = aCard();
    await words('87%');
  });

  it('says that the app does not answer, and asks again when told to', async () => {
    answers['/api/admin/customer'] = new Error('down');
    await renderBlock();
    await words('does not answer right now');
    answers['/api/admin/customer'] = aCard();
    press('Try again');
    await words('1,240 points');
  });
});

describe('points that are adjusted', () => {
  it('are sent once with a reason, and the balance is asked for anew', async () => {
    await openForm();
    answers['/api/admin/adjustments'] = { state: 'adjusted', points: 1190 };
    type('What to do', 'take');
    type('Points', '50');
    type('Reason', 'A mistake of ours');
    await words('Balance afterwards: 1,190 points');
    answers['/api/admin/customer'] = aCard(aMember({ points: 1190 }));
    press('Take points');
    await words('1,190 points');
    await words('Points adjusted');
    const [sent] = asked.filter(({ method }) => method === 'POST');
    expect(sent?.body).toEqual({ customerId: CUSTOMER, points: '50', direction: 'take', reason: 'A mistake of ours', requestKey: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('show what is wrong beside each field, until it is changed', async () => {
    await openForm();
    answers['/api/admin/adjustments'] = { state: 'refused', errors: [{ field: 'points', code: 'out-of-range' }, { field: 'reason', code: 'missing' }] };
    press('Give points');
    await words('Enter a number from 1 to 10,000,000.');
    await words('Fill this in.');
    type('Reason', 'Kindness');
    await waitFor('the reason’s refusal to go', () => (shown().includes('Fill this in.') ? undefined : true));
    expect(shown()).toContain('Enter a number from 1 to 10,000,000.');
  });

  it.each([
    ['no-program', 'Set up the loyalty program first'],
    ['unknown-customer', 'does not know this customer yet'],
    ['something-new', 'Nothing was changed.'],
  ])('say what no field can mend: %s', async (code, line) => {
    await openForm();
    answers['/api/admin/adjustments'] = { state: 'refused', errors: [{ field: null, code }] };
    press('Give points');
    await words(line);
  });

  it('keep the key of a wish whose answer was lost, and take another for another wish', async () => {
    await openForm();
    type('Points', '50');
    type('Reason', 'Kindness');
    await words('1,290 points');
    answers['/api/admin/adjustments'] = new Error('lost');
    const keys = () => asked.filter(({ method }) => method === 'POST').map(({ body }) => Reflect.get(Object(body), 'requestKey'));
    press('Give points');
    await words('It is not certain whether');
    press('Give points');
    await waitFor('a second try', () => (keys().length === 2 ? true : undefined));
    await words('It is not certain whether');
    type('Points', '60');
    await words('1,300 points');
    press('Give points');
    await waitFor('a third try', () => (keys().length === 3 ? true : undefined));
    const [first, second, third] = keys();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('would leave a debt, and say so', async () => {
    await openForm();
    type('What to do', 'take');
    type('Points', '2000');
    await words('The customer would owe 760 points.');
  });
});
