import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';

import { FieldProblemsProvider } from '#app/components/loyalty/program/field-problems.tsx';
import { HistoryCard } from '#app/components/loyalty/program/history-card.tsx';
import { LadderCard } from '#app/components/loyalty/program/ladder-card.tsx';
import { NumberField } from '#app/components/loyalty/program/program-fields.tsx';
import { RefusalBanner } from '#app/components/loyalty/program/refusal-banner.tsx';
import { OrderSentence } from '#app/components/loyalty/program/order-sentence.tsx';
import { LookBackFields } from '#app/components/loyalty/program/look-back-fields.tsx';
import type { LookBackFieldsProps } from '#app/components/loyalty/program/look-back-fields.tsx';
import type { PastOfShop } from '#app/components/loyalty/program/past-answer.ts';
import { SimulationCard } from '#app/components/loyalty/program/simulation-card.tsx';
import { StatusCard } from '#app/components/loyalty/program/status-card.tsx';
import type { PastCount } from '#app/components/loyalty/program/use-past-count.ts';
import { SuggestionCard } from '#app/components/loyalty/program/suggestion-card.tsx';
import { TierPreview } from '#app/components/loyalty/program/tier-preview.tsx';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import type { ProgramStatus } from '#app/domain/loyalty/program/program.ts';
import { suggestProgram } from '#app/domain/loyalty/program/suggest-program.ts';
import { linksIn, markupOf, textOf } from '#test/components/markup-of.tsx';

const USD = defaultProgram({ currency: 'USD', unitMinor: 100 });
const NOW = Date.parse('2026-11-20T00:00:00Z');

const NO_PAST: PastOfShop = { oldestDay: null, historyDays: null, progress: null };

const statusCard = (status: ProgramStatus, hasUnsaved = false, past = NO_PAST): ReactElement => (
  <StatusCard
    program={{ ...USD, status, earning: { ...USD.earning, earnsFromMs: NOW } }}
    timeZone="America/New_York"
    today="2026-11-20"
    past={past}
    typed={USD}
    sent={null}
    currency="USD"
    hasUnsaved={hasUnsaved}
    isSaving={false}
    onChange={() => {}}
  />
);

describe('the status of the program', () => {
  it.each<[ProgramStatus, string, string[]]>([
    [{ kind: 'off' }, 'Off', ['Go live']],
    [{ kind: 'live' }, 'Live', ['Pause', 'Wind down…']],
    [{ kind: 'paused' }, 'Paused', ['Go live again', 'Wind down…']],
    [{ kind: 'winding-down', lastRedemptionDay: 20_600 }, 'Winding down', ['Go live again']],
  ])('%j says what it means and offers what can follow', (status, badge, buttons) => {
    const markup = markupOf(statusCard(status));
    expect([...markup.matchAll(/<button[^>]*>.*?<\/button>/g)].map(([button]) => button.replace(/<[^>]+>/g, ''))).toEqual(buttons);
    expect(textOf(statusCard(status))).toMatch(new RegExp(`Status (Success |Attention |Warning )?${badge} `));
  });

  it('tells until when points can be spent, and since when they are earned, in shop time', () => {
    expect(textOf(statusCard({ kind: 'winding-down', lastRedemptionDay: 20_900 }))).toContain('until Mar 23, 2027');
    expect(textOf(statusCard({ kind: 'winding-down', lastRedemptionDay: 20_600 }))).toContain('The last day was May 27, 2026, and what was left has expired.');
    expect(textOf(statusCard({ kind: 'live' }))).toContain('Orders placed from Nov 19, 2026, 19:00 on earn points.');
  });

  it('says that what was changed goes live with it', () => {
    expect(textOf(statusCard({ kind: 'off' }, true))).toContain('What you changed below goes live with it.');
    expect(textOf(statusCard({ kind: 'off' }))).not.toContain('What you changed');
  });

  it('pauses nothing while changes are not saved, which would be lost', () => {
    expect(textOf(statusCard({ kind: 'live' }, true))).toContain('Save or discard your changes before you pause or wind down.');
    expect(markupOf(statusCard({ kind: 'live' }, true)).match(/<button[^>]*aria-disabled="true"/g)).toHaveLength(2);
    expect(markupOf(statusCard({ kind: 'live' }))).not.toContain('aria-disabled="true"');
  });
});

describe('orders of before the program', () => {
  const PAST: PastOfShop = { oldestDay: '2025-03-04', historyDays: null, progress: null };
  const awarding = { fromDay: '2025-03-04', orders: 4_000, ordersSeen: 1_000 };
  const fields = (change: Partial<LookBackFieldsProps>) => (
    <LookBackFields past={PAST} beforeDay="2026-11-20" day="2026-01-01" count={{ step: 'none' }} program={USD} currency="USD" onDay={() => {}} onCount={() => {}} {...change} />
  );
  const counted = { ordersSeen: 4_000, earningOrders: 3_210, members: 1_500, points: 96_000, reachReward: 321, reachTier: 12 };
  const count: PastCount = { step: 'counted', sinceDay: '2026-01-01', counted, orders: { orders: 4_000, goodsMinor: 1 } };

  it('are offered to a live program while there are any, and they are not being awarded', () => {
    const words = 'Award past orders…';
    expect(textOf(statusCard({ kind: 'live' }, false, PAST))).toContain(words);
    expect(textOf(statusCard({ kind: 'live' }, false, { ...PAST, progress: { ...awarding, isUnderWay: false } }))).toContain(words);
    for (const past of [NO_PAST, { ...PAST, oldestDay: '2026-11-19' }]) expect(textOf(statusCard({ kind: 'live' }, false, past))).not.toContain(words);
    for (const status of [{ kind: 'paused' }, { kind: 'winding-down', lastRedemptionDay: 20_900 }] as const) expect(textOf(statusCard(status, false, PAST))).not.toContain(words);
    const underWay = textOf(statusCard({ kind: 'live' }, false, { ...PAST, progress: { ...awarding, isUnderWay: true } }));
    expect(underWay).not.toContain(words);
    expect(underWay).toContain('Past orders from Mar 4, 2025 on are being awarded: 1,000 of 4,000.');
  });

  it('are told of as far as we have them', () => {
    expect(textOf(fields({}))).toContain('Your oldest order here is of Mar 4, 2025.');
    expect(textOf(fields({ past: { ...PAST, historyDays: 60 } }))).toContain('Shopify shows Perennial only the last 60 days of orders in your store.');
    for (const day of ['2026-11-20', '2026-12-01', '']) expect(textOf(fields({ day }))).toContain('Choose a day before Nov 20, 2026.');
  });

  it('come to points, people and money before anybody has them', () => {
    const text = textOf(fields({ count }));
    for (const words of ['Orders that earn 3,210 of 4,000', 'Customers who get points 1,500', 'Points 96,000', 'Liability if all are spent $960.00 $672.00 if 30% are never spent', 'reward at once 321', 'tier at once 12']) {
      expect(text).toContain(words);
    }
    expect(textOf(fields({ count: { ...count, counted: { ...counted, points: 0 } } }))).toContain('None of the 4,000 orders from Jan 1, 2026 on would earn a point.');
    expect(textOf(fields({ count: { step: 'refused', reason: 'importing' } }))).toContain('Your order history is being read.');
  });
});

describe('what a shopper sees', () => {
  const sentence = (points: number) => textOf(<OrderSentence program={USD} value={{ currency: 'USD', amountMinor: 80_00 }} points={points} />);

  it('is the order in points and in money', () => {
    expect(sentence(400)).toContain('Order of $80.00 earns 400 points = $4.00 off');
  });

  it('promises no money for what is worth none yet', () => {
    expect(sentence(1)).toContain('Order of $80.00 earns 1 point');
    expect(sentence(1)).not.toContain('= $');
  });
});

describe('the reason of a suggestion', () => {
  const reasonOf = (orders: number, repeatPurchaseRate: number) => suggestProgram({ currency: 'USD', orders, aovMinor: 74_28, repeatPurchaseRate }).reason;

  it('is the average order, and how many come back', () => {
    const text = textOf(<SuggestionCard reason={reasonOf(100, 0.12)} currency="USD" />);
    for (const words of ['Your average order is $74.28, which would earn 371 points.', '$5.00 off for 500 points, comes with order number 2', '12.0% of your customers have ordered again']) expect(text).toContain(words);
  });

  it('says what is missing where orders are few', () => {
    expect(textOf(<SuggestionCard reason={reasonOf(7, 0)} currency="USD" />)).toContain('has 7 of the 20 orders');
  });
});

describe('the ladder of rewards', () => {
  it('has points, money in the shop\'s currency, orders, and what to beware of', () => {
    const [, , ten] = USD.rewards;
    if (ten === undefined) throw new Error('the usual program has a reward of 10');
    const worse = { ...ten, gives: { kind: 'amount' as const, points: 1000, amounts: [{ currency: 'USD', amountMinor: 8_00 }] } };
    const program = { ...USD, rewards: [...USD.rewards.slice(0, 2), worse], earning: { ...USD.earning, rates: [...USD.earning.rates, { currency: 'JPY', points: 1, perMinor: 100 }] } };
    const text = textOf(<LadderCard program={program} currency="USD" aovMinor={80_00} nowMs={NOW} />);
    for (const words of ['100 points 1 order away', '1,000 points 3 orders away $8.00 off', 'Gives less for a point than “Any amount off”']) {
      expect(text).toContain(words);
    }
    // Discounts are converted for them.
    expect(text).not.toContain('JPY');
  });

  it('says that there is nothing to climb, or that something is wrong', () => {
    expect(textOf(<LadderCard program={{ ...USD, rewards: [] }} currency="USD" aovMinor={null} nowMs={NOW} />)).toContain('Nothing is offered yet.');
    expect(textOf(<LadderCard program={null} currency="USD" aovMinor={null} nowMs={NOW} />)).toContain('Complete the fields');
  });
});

describe('the preview of tiers', () => {
  const preview = (thresholds: number[]) => {
    const tiers = USD.tiers && { ...USD.tiers, levels: USD.tiers.levels.map((level, at) => ({ ...level, threshold: thresholds[at] ?? 0 })) };
    return textOf(<TierPreview program={{ ...USD, tiers }} currency="USD" aovMinor={80_00} nowMs={NOW} />);
  };

  it('has orders, and points by the tier’s own rate', () => {
    const text = preview([0, 1000, 2000]);
    expect(text).toContain('Silver about 3 orders From 1,000 points An order of $80.00 earns 500 points.');
    expect(text).toContain('Bronze From the start, by every member. An order of $80.00 earns 400 points.');
  });

  it('warns of a tier that a first order reaches, and of one that nobody does', () => {
    const text = preview([0, 400, 99_999]);
    expect(text).toContain('An average first order reaches it');
    expect(text).toContain('It takes 250 average orders');
  });
});

describe('the versions', () => {
  it('are told with when, by whom and what changed', () => {
    const lines = [
      { version: 2, status: 'paused' as const, savedAtMs: NOW, savedBy: '42', changed: ['status' as const, 'rewards' as const] },
      { version: 1, status: 'live' as const, savedAtMs: NOW, savedBy: null, changed: [] },
    ];
    const text = textOf(<HistoryCard history={lines} timeZone="UTC" staffId="42" staffNames={{}} />);
    for (const words of ['Version 2 Paused Nov 20, 2026, 00:00, you Changed: status, rewards', 'Version 1 Live Nov 20, 2026, 00:00, unknown First version']) expect(text).toContain(words);
    expect(textOf(<HistoryCard history={lines} timeZone="UTC" staffId="7" staffNames={{}} />)).toContain('staff member 42');
    expect(textOf(<HistoryCard history={lines} timeZone="UTC" staffId="7" staffNames={{ 42: 'Sam Clerk' }} />)).toContain('00:00, Sam Clerk');
  });
});

describe('what is wrong', () => {
  it('stands at its field, with what would be right', () => {
    const field = (path: string) => (
      <FieldProblemsProvider problems={{ 'earning.pendingDays': 'out-of-range' }}>
        <NumberField path={path} label="Pending" value="999" limits={PROGRAM_LIMITS.pendingDays} onChange={() => {}} />
      </FieldProblemsProvider>
    );
    expect(textOf(field('earning.pendingDays'))).toContain('Enter a number from 0 to 180.');
    expect(markupOf(field('earning.pendingDays'))).toContain('aria-invalid="true"');
    expect(textOf(field('earning.other'))).not.toContain('Enter');
  });

  it('on another page is named, and what somebody else saved is said', () => {
    const banner = (refusal: 'wrong-fields' | 'changed-meanwhile') => textOf(<RefusalBanner refusal={refusal} problems={{ rewards: 'none-offered' }} own={['earning']} />);
    expect(banner('wrong-fields')).toContain('Look at: rewards.');
    expect(banner('changed-meanwhile')).toContain('The program was changed somewhere else');
  });
});

describe('a trial on the past', () => {
  const simulated = {
    ...{ members: 281, earningOrders: 524, issuedPoints: 230_728, expiredPoints: 0, outstandingPoints: 230_728, pendingPoints: 0 },
    worth: { issuedMinor: 230_728, costMinor: 161_510, outstandingMinor: 0, liabilityMinor: 0 },
    membersByOrdersToReward: [100, 50, 20, 7],
    ordersWithReward: 240,
    membersByTier: { bronze: 200, silver: 61, gold: 20 },
    ...{ from: '2025-11-21', to: '2026-11-20', breakageBasisPoints: 3_000, before: null },
  };
  const card = (change: object) =>
    textOf(<SimulationCard program={USD} currency="USD" isTrying={false} hasFailed={false} simulated={simulated} isStale={false} onTry={() => {}} {...change} />);

  it('tells points, cost, who reaches a reward, and tiers', () => {
    const text = card({});
    for (const words of ['Points given 230,728', 'Cost of the points that are spent $1,615.10', 'after which the nearest reward is in reach 240', 'reach the nearest reward 177', 'by their third order 170', 'Silver 61', '30% of points']) {
      expect(text).toContain(words);
    }
  });

  it('tells what changes against the program that holds: points, cost, rewards and tiers, one that is removed too', () => {
    const before = {
      ...simulated,
      ...{ version: 4, issuedPoints: 200_000, ordersWithReward: 240, membersByOrdersToReward: [10], membersByTier: { bronze: 261, silver: 20, elite: 3 } },
      worth: { ...simulated.worth, costMinor: 100_000 },
      levels: [{ id: 'silver', name: 'Silver' }, { id: 'elite', name: 'Elite' }],
    };
    const text = card({ simulated: { ...simulated, before } });
    for (const words of ['version 4', 'Points given from 200,000 to 230,728', 'spent from $1,000.00 to $1,615.10', 'is in reach 240', 'nearest reward from 10 to 177', 'Silver from 20 to 61', 'Elite (removed) from 3 to 0']) {
      expect(text).toContain(words);
    }
  });

  it('says that rates for collections are left out, where there are any', () => {
    const multiplier = { id: 'm', name: '', scope: { kind: 'collections', collectionIds: [9] }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null };
    expect(card({ program: { ...USD, earning: { ...USD.earning, multipliers: [multiplier] } } })).toContain('Rates for collections are not in it either');
    expect(card({})).not.toContain('Rates for collections');
  });

  it('says when it is of an earlier program, has failed, or nobody earned', () => {
    expect(card({ isStale: true })).toContain('You have changed the program since.');
    expect(card({ hasFailed: true, simulated: null })).toContain('It could not be tried just now.');
    expect(card({ simulated: { ...simulated, members: 0 } })).toContain('No order of the last 12 months');
  });
});

it('the pages of the program lead to one another, and the one that is shown says so', () => {
  expect(linksIn(<LoyaltyTabs current="rewards" />)).toEqual(expect.arrayContaining(['/app/loyalty', '/app/loyalty/rewards', '/app/loyalty/tiers']));
  expect(markupOf(<LoyaltyTabs current="rewards" />)).toMatch(/href="\/app\/loyalty\/rewards"[^>]*aria-current="page"|aria-current="page"[^>]*href="\/app\/loyalty\/rewards"/);
});
