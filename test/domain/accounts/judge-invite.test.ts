import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { judgeHindered, judgeInvite, stepAfter } from '#app/domain/accounts/judge-invite.ts';
import type { AccountNow, InviteCase } from '#app/domain/accounts/judge-invite.ts';

const WISHED_MS = Date.UTC(2026, 10, 1, 9);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const email = { marketingState: 'NOT_SUBSCRIBED', marketingUpdatedAtMs: null };
const account = (customer: Partial<NonNullable<AccountNow['customer']>> = {}, accountsVersion = 'CLASSIC'): AccountNow => ({
  accountsVersion,
  customer: { state: 'DISABLED', email, ...customer },
});
const usual: InviteCase = {
  step: 0,
  settings: { isEnabled: true, hasFirstReminder: true, hasSecondReminder: true },
  wishedAtMs: WISHED_MS,
  resumedAtMs: null,
  invitedAtMs: null,
  begun: null,
  account: account(),
  nowMs: WISHED_MS + 1_000,
};

describe('an invite', () => {
  it('goes out at the wish of somebody without an account', () => {
    expect(judgeInvite(usual)).toEqual({ verdict: 'send' });
  });

  it.each<[string, Partial<InviteCase>, string]>([
    ['who is gone', { account: { ...account(), customer: null } }, 'no-customer'],
    ['whose account is activated', { account: account({ state: 'ENABLED' }) }, 'activated'],
    ['who declined an invite', { account: account({ state: 'DECLINED' }) }, 'declined'],
    ['of a shop that has new accounts by now', { account: account({}, 'NEW_CUSTOMER_ACCOUNTS') }, 'new-accounts'],
    ['of a shop with accounts of a kind that came later', { account: account({}, 'NEXT_ACCOUNTS') }, 'new-accounts'],
    ['of a shop that switched it off', { settings: { ...usual.settings, isEnabled: false } }, 'switched-off'],
    ['without an address', { account: account({ email: null }) }, 'no-email'],
    ['who unsubscribed since', { account: account({ email: { marketingState: 'UNSUBSCRIBED', marketingUpdatedAtMs: WISHED_MS + 1 } }) }, 'consent-withdrawn'],
    ['who wished for it two days ago', { nowMs: WISHED_MS + 2 * DAY_MS + 1 }, 'too-late'],
    ['to whom it could not be sent five times', { begun: { intendedAtMs: WISHED_MS, attempts: 5 } }, 'refused'],
  ])('never goes to somebody %s', (_who, change, reason) => {
    expect(judgeInvite({ ...usual, ...change })).toEqual({ verdict: 'end', reason });
  });

  it('goes to somebody who had unsubscribed from news before they wished for it', () => {
    const before = account({ email: { marketingState: 'UNSUBSCRIBED', marketingUpdatedAtMs: WISHED_MS - 1 } });
    expect(judgeInvite({ ...usual, account: before })).toEqual({ verdict: 'send' });
  });

  it('that was taken up again is not too old by the wish', () => {
    const late = { ...usual, nowMs: WISHED_MS + 9 * DAY_MS };
    expect(judgeInvite(late)).toEqual({ verdict: 'end', reason: 'too-late' });
    expect(judgeInvite({ ...late, resumedAtMs: WISHED_MS + 9 * DAY_MS - 1 })).toEqual({ verdict: 'send' });
    expect(judgeInvite({ ...late, resumedAtMs: WISHED_MS + 7 * DAY_MS - 1 })).toEqual({ verdict: 'end', reason: 'too-late' });
  });

  it('counts as sent when the account is invited, whoever did it', () => {
    expect(judgeInvite({ ...usual, account: account({ state: 'INVITED' }) })).toEqual({ verdict: 'was-sent', as: 'sent' });
  });

  it('whose answer was lost is sent again only when Shopify has known of none for ten minutes', () => {
    const begun = { intendedAtMs: WISHED_MS, attempts: 1 };
    const at = (nowMs: number) => judgeInvite({ ...usual, begun, nowMs });
    expect(at(WISHED_MS + 10 * MINUTE_MS - 1)).toEqual({ verdict: 'wait', untilMs: WISHED_MS + 10 * MINUTE_MS });
    expect(at(WISHED_MS + 10 * MINUTE_MS)).toEqual({ verdict: 'send' });
  });
});

describe('a reminder', () => {
  const reminder: InviteCase = { ...usual, step: 1, account: account({ state: 'INVITED' }), invitedAtMs: WISHED_MS, nowMs: WISHED_MS + 3 * DAY_MS };

  it('goes out while the account is not activated', () => {
    expect(judgeInvite(reminder)).toEqual({ verdict: 'send' });
    expect(judgeInvite({ ...reminder, account: account({ state: 'ENABLED' }) })).toEqual({ verdict: 'end', reason: 'activated' });
  });

  it('is passed over where the merchant switched it off', () => {
    const settings = { isEnabled: true, hasFirstReminder: false, hasSecondReminder: true };
    expect(judgeInvite({ ...reminder, settings })).toEqual({ verdict: 'skip' });
    expect(judgeInvite({ ...reminder, step: 2, settings })).toEqual({ verdict: 'send' });
  });

  it('that could not be sent for two days is passed over, so that two never come together', () => {
    const at = (step: 1 | 2, days: number, ms = 0) => judgeInvite({ ...reminder, step, nowMs: WISHED_MS + days * DAY_MS + ms }).verdict;
    expect([at(1, 5), at(1, 5, 1), at(2, 12), at(2, 12, 1)]).toEqual(['send', 'skip', 'send', 'skip']);
  });

  it.each<[string, Partial<InviteCase>, string]>([
    ['who took back their consent since', { account: account({ state: 'INVITED', email: { marketingState: 'UNSUBSCRIBED', marketingUpdatedAtMs: WISHED_MS + 1 } }) }, 'consent-withdrawn'],
    ['without an address by now', { account: account({ state: 'INVITED', email: null }) }, 'no-email'],
    ['of a shop that has new accounts by now', { account: account({ state: 'INVITED' }, 'NEW_CUSTOMER_ACCOUNTS') }, 'new-accounts'],
    ['of a shop that switched it off since', { settings: { ...usual.settings, isEnabled: false } }, 'switched-off'],
  ])('never goes to somebody %s', (_who, change, reason) => {
    for (const step of [1, 2] as const) expect(judgeInvite({ ...reminder, step, ...change })).toEqual({ verdict: 'end', reason });
  });

  it('that may have gone out is never sent again', () => {
    const begun = { intendedAtMs: WISHED_MS, attempts: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * DAY_MS }), fc.constantFrom(1, 2), (afterMs, step) => {
        const verdict = judgeInvite({ ...reminder, step: step === 1 ? 1 : 2, begun, nowMs: WISHED_MS + afterMs });
        expect(verdict).toEqual({ verdict: 'was-sent', as: 'unknown' });
      }),
    );
  });

  it('comes three days and ten days after the invite, and then no more', () => {
    expect(stepAfter(0, WISHED_MS)).toEqual({ step: 1, atMs: WISHED_MS + 3 * DAY_MS });
    expect(stepAfter(1, WISHED_MS)).toEqual({ step: 2, atMs: WISHED_MS + 10 * DAY_MS });
    expect(stepAfter(2, WISHED_MS)).toBeNull();
  });
});

describe('an e-mail about which Shopify cannot be asked', () => {
  const hindered = { step: 0, wishedAtMs: WISHED_MS, resumedAtMs: null, invitedAtMs: null, hindrance: 'access', nowMs: WISHED_MS } as const;
  const pausesMs = { unavailable: MINUTE_MS, request: 10 * MINUTE_MS, access: 60 * MINUTE_MS } as const;

  it.each(['unavailable', 'request', 'access'] as const)('is tried again for two days, and then given up: %s', (hindrance) => {
    const last = WISHED_MS + 2 * DAY_MS;
    expect(judgeHindered({ ...hindered, hindrance, nowMs: last })).toEqual({ verdict: 'wait', untilMs: last + pausesMs[hindrance] });
    expect(judgeHindered({ ...hindered, hindrance, nowMs: last + 1 })).toEqual({ verdict: 'end', reason: hindrance === 'unavailable' ? 'unanswered' : 'no-access' });
  });

  it('has two days from when it was to go out: a reminder, and an invite that was taken up again', () => {
    const reminder = { ...hindered, step: 1, invitedAtMs: WISHED_MS + 1_000 } as const;
    expect(judgeHindered({ ...reminder, nowMs: WISHED_MS + 1_000 + 5 * DAY_MS }).verdict).toBe('wait');
    expect(judgeHindered({ ...reminder, nowMs: WISHED_MS + 1_001 + 5 * DAY_MS }).verdict).toBe('end');
    expect(judgeHindered({ ...hindered, resumedAtMs: WISHED_MS + 4 * DAY_MS, nowMs: WISHED_MS + 6 * DAY_MS }).verdict).toBe('wait');
  });
});
