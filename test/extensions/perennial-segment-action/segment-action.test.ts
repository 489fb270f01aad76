// @vitest-environment jsdom
import { getExtension } from '@shopify/ui-extensions-tester';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aGift, aSegment } from '#test/e2e/support/admin-answers.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { press, setUpAdminBlock, shown, tearDownAdminBlock, type, words } from '../support/admin-block.ts';
import type { AskedOfApp } from '../support/admin-block.ts';

const EXTENSION = 'perennial-segment-action';
const SEGMENT = 'gid://shopify/Segment/55';
const extension = getExtension('admin.customer-segment-details.action.render', { configSearchDir: `extensions/${EXTENSION}` });

let asked: AskedOfApp[];
let answers: ReturnType<typeof setUpAdminBlock>['answers'];
let closed: number;

beforeEach(() => {
  ({ asked, answers } = setUpAdminBlock(extension, EXTENSION, SEGMENT));
  closed = 0;
  Object.assign(extension.shopify, { close: () => (closed += 1) });
  answers['/api/admin/segment'] = aSegment();
});
afterEach(() => tearDownAdminBlock(extension));

async function renderAction(): Promise<void> {
  const { default: renderTarget } = await import('../../../extensions/perennial-segment-action/src/SegmentAction.tsx');
  renderTarget();
}

async function fill(points: string, reason: string): Promise<void> {
  await renderAction();
  await words('Points for each customer');
  type('Points for each customer', points);
  type('Reason', reason);
}

describe('the action on a segment', () => {
  it('says how many customers it has, what the points come to and what they would cost, before anything is given', async () => {
    await renderAction();
    await words('Regulars: 4,000 customers');
    await words('Enter a number to see what it comes to.');
    type('Points for each customer', '50');
    await words('200,000 points in all, for 4,000 customers.');
    await words('that costs about €2,000.00');
    await words('Give 200,000 points');
    expect(asked).toEqual([{ method: 'GET', path: `/api/admin/segment?id=${encodeURIComponent(SEGMENT)}`, body: null }]);
  });

  it('gives them once, follows how far it is, and says who got none', async () => {
    await fill('50', 'Summer');
    await words('Give 200,000 points');
    answers['/api/admin/gifts'] = { state: 'under-way', gift: aGift() };
    answers['/api/admin/gift'] = aGift({ state: 'completed', seen: 4000, given: 3990 });
    press('Give 200,000 points');
    await words('1,000 of 4,000 customers looked at.');
    await words('199,500 points given to 3,990 members.');
    expect(shown()).toContain('8 are excluded from the program');
    expect(shown()).toContain('2 are not known to Perennial yet');
    const sent = asked.filter(({ method }) => method === 'POST');
    expect(sent.map(({ body }) => body)).toEqual([{ segmentId: SEGMENT, points: '50', reason: 'Summer', requestKey: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(document.body.querySelector('s-link')?.getAttribute('href')).toBe('app:app/loyalty/gifts');
    press('Close');
    expect(closed).toBe(1);
  });

  it('shows what is wrong beside the field, and keeps the key of a wish whose answer was lost', async () => {
    await fill('0', '');
    answers['/api/admin/gifts'] = { state: 'refused', errors: [{ field: 'points', code: 'out-of-range' }, { field: 'reason', code: 'missing' }] };
    press('Give points');
    await words('Enter a number from 1 to 100,000.');
    await words('Fill this in.');
    type('Points for each customer', '10');
    type('Reason', 'Summer');
    answers['/api/admin/gifts'] = new Error('lost');
    await words('Give 40,000 points');
    press('Give 40,000 points');
    await words('It is not certain whether');
    press('Give 40,000 points');
    const keys = () => asked.filter(({ method }) => method === 'POST').map(({ body }) => Reflect.get(Object(body), 'requestKey'));
    await waitFor('a third try', () => (keys().length === 3 ? true : undefined));
    expect(keys()[2]).toBe(keys()[1]);
    expect(keys()[1]).not.toBe(keys()[0]);
  });

  it('follows one that is under way already', async () => {
    answers['/api/admin/segment'] = aSegment({ underWay: aGift() });
    answers['/api/admin/gift'] = aGift({ state: 'stopped' });
    await renderAction();
    await words('Points are being given');
    await words('Stopped');
    expect(shown()).toContain('49,500 points given to 990 members.');
  });

  it.each([
    ['nobody is in it', aSegment({ customers: 0 }), 'Nobody is in this segment right now.'],
    ['there is no program', aSegment({ program: 'none' }), 'Set up the loyalty program in Perennial first'],
    ['the program is over', aSegment({ program: 'over' }), 'off or over'],
    ['there are too many', aSegment({ customers: 2_000_000 }), 'more customers than points can be given to'],
    ['Shopify has it no more', { state: 'missing' }, 'Shopify has no such segment any more.'],
    ['Shopify does not answer', { state: 'unavailable' }, 'does not answer right now'],
    ['the app does not answer', 503, 'does not answer right now'],
  ])('offers nothing to give when %s', async (_name, answer, line) => {
    answers['/api/admin/segment'] = answer;
    await renderAction();
    await words(line);
    expect(document.body.querySelector('s-number-field')).toBeNull();
  });

  it('says so when the program is paused, and when no reward is worth money', async () => {
    answers['/api/admin/segment'] = aSegment({ program: 'paused', worth: null });
    await fill('5', 'Summer');
    await words('The program is not live');
    await words('what they would cost is not known');
  });
});
