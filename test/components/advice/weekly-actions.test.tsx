import { describe, expect, it } from 'vitest';

import { WeeklyActions } from '#app/components/advice/weekly-actions.tsx';
import type { WeeklyActionsProps } from '#app/components/advice/weekly-actions.tsx';
import type { Language } from '#app/i18n/languages.ts';
import { textOf } from '../markup-of.tsx';

function wordsOf(props: Partial<WeeklyActionsProps>, language: Language = 'en'): string {
  return textOf(<WeeklyActions {...{ actions: [], awaited: null, currency: 'EUR', asOf: '2026-11-21', today: '2026-11-21' }} {...props} />, language);
}

describe('a week with nothing to do', () => {
  it('says what is missing and until when, where that is the reason', () => {
    const awaited = { has: 12, needed: 50, fromDays: null, reachedOn: '2027-04-05' };
    expect(wordsOf({ awaited })).toContain(
      'Advice begins at 50 customers with a second order; it is 12 so far. At the pace of the last three months that will be about Apr 5, 2027.',
    );
    expect(wordsOf({ awaited })).not.toMatch(/Nothing needs you|looked at again/);
    expect(wordsOf({ awaited: { ...awaited, fromDays: 10 } })).toContain('when 50 customers who were not back after 10 days have been with you for 40; it is 12 so far.');
    expect(wordsOf({ awaited: { ...awaited, reachedOn: null } })).toContain('it is 12 so far. At the pace of the last three months that is more than two years away.');
    expect(wordsOf({ awaited }, 'zh-CN')).toContain('有 50 位客户下过第二单后，这里会开始给出建议；目前为 12 位。按最近三个月的速度，约在 2027年4月5日 达到。');
  });

  it('says that all is well and when it is looked at again, where the past carries advice', () => {
    expect(wordsOf({})).toContain('Nothing needs you this week: your store’s past tells of no group of customers who are due or late in any number. It is looked at again with new orders, and tomorrow at the latest.');
    expect(wordsOf({}, 'zh-CN')).toContain('本周没有需要处理的事：从店铺以往情况看，没有成批到期或迟迟未下单的客户。有新订单时会重新查看，最迟明天。');
  });

  it('is of a day in the past not looked at again', () => {
    const then = wordsOf({ asOf: '2026-10-01' });
    expect(then).toContain('Nothing needed you that week');
    expect(then).not.toContain('again');
  });
});
