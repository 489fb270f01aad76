import { describe, expect, it } from 'vitest';

import { ourWords } from '#app/adapters/shopper-words.server.ts';
import { AccountPreview, StepPreview } from '#app/components/accounts/account-preview.tsx';
import { AccountsPage } from '#app/components/accounts/accounts-page.tsx';
import type { AccountMode } from '#app/domain/accounts/account-settings.ts';
import { createShopperWording } from '#app/domain/texts/shopper-wording.ts';
import { markupOf, textOf } from '../markup-of.tsx';

type Unsent = Parameters<typeof AccountsPage>[0]['unsent'];
const NONE = { wished: 0, activated: 0, open: 0 };

function pageOf(mode: AccountMode | null, { counts = NONE, unsent = [] as Unsent, isEnabled = true, hasFailed = false } = {}) {
  const saved = { isEnabled, hasFirstReminder: true, hasSecondReminder: false };
  return <AccountsPage saved={saved} mode={mode} counts={counts} unsent={unsent} isSaving={false} hasFailed={hasFailed} onSave={() => {}} previewOf={({ isEnabled }) => <AccountPreview isEnabled={isEnabled} mode={null} />} />;
}

const boxesOf = (markup: string): string[] => [...markup.matchAll(/<input[^>]*type="checkbox"[^>]*>/g)].map(([tag]) => tag);

describe('the page on which a merchant decides about the way into an account', () => {
  it('says which accounts the store uses, and offers reminders only where there are invites', () => {
    expect(textOf(pageOf('legacy'))).toContain('Legacy customer accounts');
    expect(boxesOf(markupOf(pageOf('legacy')))).toHaveLength(3);
    expect(textOf(pageOf('new'))).not.toContain('Reminders');
    expect(boxesOf(markupOf(pageOf('new')))).toHaveLength(1);
    expect(textOf(pageOf(null))).toContain('Nothing is shown until it does');
  });

  it('shows what is switched on, and keeps reminders still while nothing is', () => {
    expect(boxesOf(markupOf(pageOf('legacy'))).map((tag) => tag.includes(' checked='))).toEqual([true, true, false]);
    expect(boxesOf(markupOf(pageOf('legacy', { isEnabled: false }))).map((tag) => tag.includes('disabled'))).toEqual([false, true, true]);
  });

  it('counts invites, or says that there are none yet, in both languages', () => {
    expect(textOf(pageOf('legacy'))).toContain('No shopper has asked for an invite yet.');
    expect(textOf(pageOf('legacy', { counts: { wished: 1_234, activated: 56, open: 7 } }))).toMatch(/Asked for\s*1,234\s*Activated\s*56\s*Still open\s*7/);
    expect(textOf(pageOf('new', { counts: { wished: 3, activated: 1, open: 0 } }))).toContain('Asked for');
    expect(textOf(pageOf('legacy'), 'zh-CN')).toContain('还没有买家请求过邀请。');
  });

  it('says why invites were not sent, in both languages, and what brings them on their way again', () => {
    expect(textOf(pageOf('legacy'))).not.toContain('Not sent');
    const unsent: Unsent = [{ reason: 'no-access', count: 1_200 }, { reason: 'no-email', count: 3 }, { reason: 'other', count: 1 }];
    expect(textOf(pageOf('legacy', { unsent }))).toMatch(/Not sent, and why\s*Shopify did not let the app send it for two days\s*1,200\s*No e-mail address that works\s*3\s*Another reason\s*1\s*Once Shopify lets the app again/);
    expect(textOf(pageOf('new', { unsent: [{ reason: 'new-accounts', count: 2 }] }))).not.toContain('Once Shopify');
    expect(textOf(pageOf('legacy', { unsent }), 'zh-CN')).toContain('Shopify 连续两天不允许应用发送');
  });

  it('shows beside the switches what shoppers see: by the kind of accounts, before and after they ask for the invite', () => {
    const wording = createShopperWording({ locale: 'de', ours: ourWords('thank-you', 'de'), own: {}, timeZone: 'UTC' });
    const shown = (mode: AccountMode, situation: 'invite' | 'invited') => textOf(<StepPreview {...{ mode, situation, wording }} />);
    expect(shown('legacy', 'invite')).toContain(wording.say('activate'));
    expect(shown('legacy', 'invited')).toContain(wording.say('invited'));
    expect(shown('new', 'invite')).toContain(wording.say('signIn'));
    expect(textOf(pageOf('legacy', { isEnabled: false }))).toContain('shoppers see no way into an account');
    expect(textOf(pageOf('legacy', { isEnabled: false }), 'zh-CN')).toContain('买家在此看不到');
  });

  it('says when saving failed', () => {
    expect(textOf(pageOf('legacy', { hasFailed: true }))).toContain('Your settings are not saved');
  });
});
