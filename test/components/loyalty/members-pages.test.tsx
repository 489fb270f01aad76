import { describe, expect, it } from 'vitest';

import { ImportPage } from '#app/components/loyalty/import/import-page.tsx';
import { LiabilityPage } from '#app/components/loyalty/liability/liability-page.tsx';
import { LedgerTable } from '#app/components/loyalty/members/ledger-table.tsx';
import { MembersPage } from '#app/components/loyalty/members/members-page.tsx';
import { OrderAnswerCard } from '#app/components/loyalty/members/order-answer-card.tsx';
import { EMPTY_COUNT } from '#app/domain/loyalty/members/import-lines.ts';
import type { Liability } from '#app/domain/loyalty/members/liability.ts';
import type { OrderAnswer, ToldEntry, ToldOrder } from '#app/domain/loyalty/members/told-entry.ts';
import { TierHistory } from '#app/components/loyalty/members/tier-history.tsx';
import type { ToldTierChange } from '#app/domain/loyalty/members/told-tier.ts';
import { linksIn, textOf } from '#test/components/markup-of.tsx';

const AT_MS = Date.UTC(2026, 2, 2, 10);
const nothing = () => undefined;

const EARNED: ToldOrder = {
  code: 'order-earned',
  currency: 'EUR',
  valueMinor: 80_00,
  ratePoints: 5,
  ratePerMinor: 100,
  lines: [{ title: 'Mug', baseMinor: 80_00, rule: 'usual', ruleName: '', factorBasisPoints: 10_000, points: 400 }],
  bonus: null,
  nextBonusMinor: null,
  cappedAtPoints: null,
};

function anEntry(change: Partial<ToldEntry>): ToldEntry {
  return {
    sequence: 1,
    kind: 'order',
    occurredAtMs: AT_MS,
    recordedAtMs: AT_MS,
    orderName: '#1042',
    programVersion: 1,
    note: null,
    staffId: null,
    points: 0,
    pendingPoints: 0,
    reservedPoints: 0,
    owedPoints: 0,
    endedPoints: 0,
    balanceAfter: 0,
    pendingAfter: 0,
    reservedAfter: 0,
    givenBefore: 0,
    maturesAtMs: null,
    expiresOn: null,
    code: null,
    because: 'order-earned',
    order: null,
    reward: null,
    fact: null,
    ...change,
  };
}

function told(change: Partial<ToldEntry>): string {
  return textOf(<LedgerTable entries={[anEntry(change)]} currency="EUR" timeZone="UTC" staffId="77" staffNames={{ 9: 'Sam Clerk' }} />);
}

describe('an entry of the ledger', () => {
  it('says what an order earned, at which rate and until when it is pending', () => {
    const text = told({ order: EARNED, pendingPoints: 400, pendingAfter: 400, maturesAtMs: AT_MS });
    expect(text).toContain('Order #1042 earned 400 points');
    expect(text).toContain('€80.00 at 5 points for each €1.00');
    expect(text).toContain('Pending until Mar 2, 2026, 10:00');
  });

  it('says what a refund took back, of what, and what is owed since', () => {
    const text = told({ order: { ...EARNED, valueMinor: 56_00 }, points: -120, owedPoints: 120, givenBefore: 400, balanceAfter: -120 });
    expect(text).toContain('Order #1042 is worth less now: 120 points taken back');
    expect(text).toContain('€56.00 at 5 points for each €1.00');
    expect(text).toContain('In all it earns 280 points instead of 400.');
    expect(text).toContain('None were left to take: the member owes 120 points for it.');
    expect(text).toContain('−120');
  });

  it('names the rule of each line, the bonus and the limit', () => {
    const lines = [
      { title: 'Mug', baseMinor: 50_00, rule: 'multiplier', ruleName: 'Double week', factorBasisPoints: 20_000, points: 500 },
      { title: 'Card', baseMinor: 10_00, rule: 'gift-card', ruleName: '', factorBasisPoints: 0, points: 0 },
      { title: 'Tea', baseMinor: 20_00, rule: 'tier', ruleName: 'Gold', factorBasisPoints: 15_000, points: 150 },
    ] as const;
    const text = told({ order: { ...EARNED, lines: [...lines], bonus: { minimumMinor: 75_00, points: 50 }, cappedAtPoints: 600 }, points: 600 });
    expect(text).toContain('Mug: €50.00, Double week, × 2: 500 points');
    expect(text).toContain('Card: €10.00, gift cards earn nothing: 0 points');
    expect(text).toContain('Tea: €20.00, tier Gold, × 1.5: 150 points');
    expect(text).toContain('Bonus for orders from €75.00: 50 points');
    expect(text).toContain('Limited to 600 points an order');
  });

  it('says that lines are rounded together, and which bonus a refund has lost', () => {
    const lines = ['Mug', 'Tea'].map((title) => ({ title, baseMinor: 50, rule: 'usual' as const, ruleName: '', factorBasisPoints: 10_000, points: 2 }));
    const text = told({ order: { ...EARNED, valueMinor: 1_00, lines, nextBonusMinor: 75_00 }, points: -50, givenBefore: 54 });
    expect(text).toContain('Tea: €0.50, usual rate: 2 points Rounded once, for all lines together No bonus: that is for orders from €75.00');
  });

  it.each<[string, Partial<ToldEntry>]>([
    ['Order #1042 was cancelled: 400 points taken back', { because: 'order-cancelled', order: { code: 'order-cancelled' }, pendingPoints: -400, givenBefore: 400 }],
    ['Order #1042 belongs to another customer now: 400 points went with it', { because: 'order-of-another', points: -400, givenBefore: 400 }],
    ['The return window is over: 400 points can be spent', { kind: 'maturity', because: 'return-window-over', orderName: null, points: 400, pendingPoints: -400 }],
    ['500 points put aside for a reward', { kind: 'reserve', because: 'reserved', points: -500, reservedPoints: 500 }],
    ['500 points spent on a reward in order #1042', { kind: 'capture', because: 'captured', reservedPoints: -500 }],
    ['30 points expired: no order and no redemption for too long', { kind: 'expiry', because: 'inactive', points: -30 }],
    ['30 points came back: order #1042 was placed before they expired', { kind: 'expiry', because: 'was-active', points: 30 }],
    ['1 point added by hand “Sorry” by you', { kind: 'adjustment', because: 'by-hand', points: 1, note: 'Sorry', staffId: '77' }],
    ['20 points taken by hand “Twice” by staff member 8', { kind: 'adjustment', because: 'by-hand', points: -20, note: 'Twice', staffId: '8' }],
    ['1 point added by hand “Sorry” by Sam Clerk', { kind: 'adjustment', because: 'by-hand', points: 1, note: 'Sorry', staffId: '9' }],
    ['The return window of #1041, #1042 is over: 400 points can be spent', { kind: 'maturity', because: 'return-window-over', orderName: '#1041, #1042', points: 400, pendingPoints: -400 }],
    ['The code of a reward was used after its points had come back: 500 points taken again', { kind: 'adjustment', because: 'used-after-release', points: -500 }],
    ['a reward was not used in time: 500 points came back', { kind: 'release', because: 'not-used-in-time', points: 500, reservedPoints: -500 }],
    ['The order that used a reward fell through: 500 points came back', { kind: 'release', because: 'order-cancelled', points: 500, reservedPoints: -500 }],
    ['a reward could not be made in Shopify: 500 points came back', { kind: 'release', because: 'attempts', points: 500, reservedPoints: -500 }],
    ['Order #1042, which used a reward, was refunded: 20 points came back', { kind: 'return', because: 'order-refunded', points: 20 }],
    ['Order #1042, which used a reward, no longer stands: 20 points came back', { kind: 'return', because: 'order-cancelled', points: 20 }],
    ['100 points ended with the program What was owed ended with them: 30 points.', { kind: 'expiry', because: 'program-over', points: 30, pendingPoints: -100, owedPoints: -30 }],
    ['What was owed ended: 30 points', { kind: 'expiry', because: 'program-over', points: 30, owedPoints: -30 }],
    ['Merged with another customer, who owed 70 points', { kind: 'transfer', because: 'merged-in', points: -70, owedPoints: 70 }],
    ['Merged into another customer, who owes the 70 points now', { kind: 'transfer', because: 'merged-away', points: 70, owedPoints: -70 }],
    ['Merged with another customer: 70 points came along', { kind: 'transfer', because: 'merged-in', points: 70 }],
    ['Reached Gold: 200 points', { kind: 'grant', because: 'tier-reached', fact: 'Gold', points: 200 }],
  ])('reads: %s', (words, change) => {
    expect(told(change)).toContain(words);
  });
});

describe('why an order earned, or did not', () => {
  const answer = (change: Partial<OrderAnswer>) =>
    textOf(
      <OrderAnswerCard
        asked="#1042"
        answer={{ name: '#1042', memberId: '5', isTheirs: true, verdict: 'given', points: 400, entries: 1, processedAtMs: AT_MS, order: EARNED, ...change }}
        timeZone="UTC"
        isLoading={false}
        onAsk={nothing}
      />,
    );

  it('is told with its reason', () => {
    expect(answer({})).toContain('Order #1042 has given 400 points, in 1 entry.');
    expect(answer({ verdict: 'nothing', order: { code: 'order-not-paid' } })).toContain('It is not paid yet. It earns once it is.');
    expect(answer({ verdict: 'guest' })).toContain('placed by a guest');
    expect(answer({ isTheirs: false })).toContain('This order is another customer');
    expect(textOf(<OrderAnswerCard asked="#9" answer={null} timeZone="UTC" isLoading={false} onAsk={nothing} />)).toContain('No order goes by “#9”.');
  });
});

describe('the list of members', () => {
  const row = { memberId: '5', customerId: '42', balancePoints: -30, pendingPoints: 10, reservedPoints: 0, tier: 'Gold', isExcluded: true, enrolledAtMs: AT_MS, lastActivityMs: AT_MS };
  const list = { rows: [row], members: 1, next: null, previous: null, silence: null, timeZone: 'UTC', sort: 'balance-desc', q: '', asked: null, answer: null, names: {}, isLoading: false, onChange: nothing, onAsk: nothing };

  it('leads to each ledger and says who owes and who is excluded', () => {
    expect(linksIn(<MembersPage {...list} />)).toContain('/app/loyalty/members/5');
    const text = textOf(<MembersPage {...list} names={{ 42: 'Ada Lovelace' }} />);
    expect(text).toContain('Ada Lovelace');
    expect(text).toContain('owes 30');
    expect(text).toContain('Excluded');
  });

  it('answers for an order of anybody, a customer who is no member too, and leads to whom it has', () => {
    const found = { name: '#1042', isTheirs: true, points: 0, entries: 0, processedAtMs: AT_MS, order: { code: 'order-not-paid' } } as const;
    const page = (memberId: string | null) => <MembersPage {...list} rows={[]} members={0} asked="#1042" answer={{ ...found, memberId, verdict: 'nothing' }} />;
    expect(textOf(page(null))).toContain('It is not paid yet. It earns once it is.');
    expect(textOf(page(null))).toContain('Its customer is no member');
    expect(linksIn(page('77'))).toContain('/app/loyalty/members/77');
  });

  it('leads on from a shop without members, and from a search without an answer', () => {
    expect(linksIn(<MembersPage {...list} rows={[]} members={0} />)).toEqual(expect.arrayContaining(['/app/loyalty', '/app/loyalty/import']));
    expect(textOf(<MembersPage {...list} rows={[]} q="nobody" />)).toContain('No member goes by “nobody”.');
    expect(textOf(<MembersPage {...list} silence="away" q="Ada" />)).toContain('Shopify does not answer right now');
  });
});

describe('the liability report', () => {
  const moved = { issuedPoints: 700, redeemedPoints: 100, expiredPoints: 50, adjustedPoints: -90 };
  const liability: Liability = {
    asOfMs: AT_MS,
    timeZone: 'UTC',
    currency: 'EUR',
    held: { spendablePoints: 290, owedPoints: 30, pendingPoints: 200, reservedPoints: 0, membersWithPoints: 1, membersWhoOwe: 2 },
    worth: { points: 100, amountMinor: 100, reward: { name: 'A euro off', gives: { kind: 'amount', points: 100, amounts: [{ currency: 'EUR', amountMinor: 100 }] } } },
    costMinor: 290,
    pendingCostMinor: 200,
    total: moved,
    breakage: 1 / 3,
    months: [{ month: '2026-03', ...moved }],
    expiring: [{ month: '2026-03', points: 12 }],
    expiringLaterPoints: 278,
    neverExpiringPoints: 0,
    differencePoints: 0,
  };

  it('states each figure with its formula and that it adds up', () => {
    const text = textOf(<LiabilityPage {...liability} />);
    expect(text).toContain('Outstanding points × €1.00 ÷ 100 points');
    expect(text).toContain('33.3%');
    expect(text).toContain('50 expired ÷ (50 expired + 100 redeemed)');
    expect(text).toContain('700 issued − 90 adjusted and imported − 100 redeemed − 50 expired = 460');
    expect(text).not.toContain('do not agree');
  });

  it('says so when it does not, and what is missing without a reward in money', () => {
    const text = textOf(<LiabilityPage {...liability} differencePoints={5} worth={null} costMinor={null} pendingCostMinor={null} breakage={null} />);
    expect(text).toContain('The sums do not agree');
    expect(text).toContain('Not in money');
    expect(text).toContain('no points were spent or have expired so far');
  });

  it('draws nothing and lists no zeros where there are no points', () => {
    const none = { issuedPoints: 0, redeemedPoints: 0, expiredPoints: 0, adjustedPoints: 0 };
    const silent = textOf(<LiabilityPage {...liability} months={[{ month: '2026-03', ...none }]} expiring={[{ month: '2026-03', points: 0 }]} expiringLaterPoints={0} />);
    expect(silent).toContain('No points came or went in the last 12 months.');
    expect(silent).toContain('No member has points to spend.');
    expect(silent).not.toContain('Show the numbers');
    expect(textOf(<LiabilityPage {...liability} months={[{ month: '2026-03', ...none, adjustedPoints: 1 }]} />)).not.toContain('No points came');
    expect(textOf(<LiabilityPage {...liability} expiring={[]} expiringLaterPoints={0} neverExpiringPoints={1} />)).not.toContain('No member has');
  });
});

describe('the import of points', () => {
  const page = { currency: 'EUR', worth: { points: 100, amountMinor: 100, reward: { name: '', gives: { kind: 'free-shipping', points: 1 } } }, hasProgram: true, onChoose: nothing, onStart: nothing, onAgain: nothing } as const;

  it('tells what a file would do before it does it, and which lines are left out', () => {
    const count = { ...EMPTY_COUNT, lines: 3, addedPoints: 500, badLines: 30, unknownLines: 1, bad: [{ line: 9, field: 'points' as const, problem: 'not-points' as const }], unknown: [{ line: 4, customer: '77' }] };
    const text = textOf(<ImportPage {...page} state={{ step: 'checked', name: 'points.csv', count }} />);
    expect(text).toContain('What points.csv would do');
    expect(text).toContain('Adds €5.00 to your liability: 500 points at €1.00 for 100 points.');
    expect(text).toMatch(/Line 4: no customer 77.*Line 9, points: not a whole number.*and 29 more/);
    expect(text).toContain('Import now');
  });

  it('warns of lines that an earlier file brought, and leaves them out unless told otherwise', () => {
    const count = { ...EMPTY_COUNT, lines: 3, repeatedLines: 3, repeatedAddedPoints: 500 };
    const text = textOf(<ImportPage {...page} state={{ step: 'checked', name: 'points.csv', count }} />);
    expect(text).toMatch(/The same as in an earlier file 3 left out/);
    expect(text).toContain('Import these 3 lines too');
    expect(text).toContain('There is nothing left to import in this file.');
    expect(text).not.toContain('Import now');
  });

  it('says how customers are named, and when a program is missing', () => {
    expect(textOf(<ImportPage {...page} state={{ step: 'choose', problem: null }} />)).toContain('From Smile: its points file has the columns email and points and can be imported as it is.');
    expect(textOf(<ImportPage {...page} state={{ step: 'refused', reason: 'emails-withheld' }} />)).toContain('Add a column shopify_customer_id');
    expect(linksIn(<ImportPage {...page} hasProgram={false} state={{ step: 'choose', problem: null }} />)).toContain('/app/loyalty');
  });
});

describe('the history of a member’s tiers', () => {
  const reached: ToldTierChange = { tier: 'Silver', effectiveAtMs: AT_MS, code: 'reached', basis: 'spend', amount: 1_234_50, threshold: 1_000_00, from: '2025-03-02', standing: 'holds' };
  const fall: ToldTierChange = { ...reached, tier: 'Bronze', effectiveAtMs: AT_MS + 86_400_000, code: 'not-reached', basis: 'orders', amount: 1, threshold: 3, from: null, standing: 'ahead' };
  const history = (tiers: ToldTierChange[], tierKeptUntil: string | null = null) => <TierHistory {...{ tiers, tierKeptUntil }} currency="EUR" timeZone="UTC" />;

  it('says what was reached of what, since when it counts and until when it is certain', () => {
    const text = textOf(history([reached], '2026-12-31'));
    expect(text).toContain('As things stand, the present tier is certain until Dec 31, 2026.');
    expect(text).toMatch(/Silver\u2069? since Mar 2, 2026, 10:00: €1,234\.50 reached, €1,000\.00 needed\./);
    expect(text).toContain('Counted from Mar 2, 2025 on.');
    expect(textOf(history([])).trim()).toBe('');
  });

  it('tells a fall that lies ahead, and one that never came, in both languages', () => {
    expect(textOf(history([fall]))).toMatch(/Falls to .*Bronze.* on Mar 3, 2026, 10:00 unless more is reached before: 1 order of 3 orders reached\./);
    expect(textOf(history([{ ...fall, standing: 'overtaken' }]))).toContain('which never came');
    const chinese = <TierHistory tiers={[fall]} tierKeptUntil={null} currency="EUR" timeZone="UTC" />;
    expect(textOf(chinese, 'zh-CN')).toContain('需要 3 笔订单，目前 1 笔订单');
  });
});
