import { describe, expect, it } from 'vitest';

import { accountModeOf } from '#app/domain/accounts/account-settings.ts';
import { chooseAccountStep } from '#app/domain/accounts/choose-account-step.ts';
import type { AccountCase } from '#app/domain/accounts/choose-account-step.ts';

const usual: AccountCase = {
  settings: { isEnabled: true, hasFirstReminder: true, hasSecondReminder: true },
  mode: 'legacy',
  accountsUrl: 'https://shopify.com/7/account',
  isSignedIn: false,
  customer: { accountState: 'DISABLED' },
  invite: 'none',
};

describe('the step towards an account', () => {
  it.each<[string, Partial<AccountCase>, unknown]>([
    ['a legacy account that is not there yet', {}, { step: 'invite' }],
    ['an invite that is on its way', { invite: 'coming' }, { step: 'invited' }],
    ['an invite that went out just now', { invite: 'coming', customer: { accountState: 'INVITED' } }, { step: 'invited' }],
    ['new accounts', { mode: 'new' }, { step: 'sign-in', url: 'https://shopify.com/7/account' }],
    ['new accounts of a guest', { mode: 'new', customer: null }, { step: 'sign-in', url: 'https://shopify.com/7/account' }],
  ])('is offered for %s', (_what, change, step) => {
    expect(chooseAccountStep({ ...usual, ...change })).toEqual(step);
  });

  it.each<[string, Partial<AccountCase>]>([
    ['is switched off', { settings: { ...usual.settings, isEnabled: false } }],
    ['is for a buyer who is signed in', { isSignedIn: true }],
    ['is for new accounts at an address that is not known', { mode: 'new', accountsUrl: null }],
    ['is for accounts of a kind that came later', { mode: accountModeOf('NEXT_ACCOUNTS') }],
    ['is for a guest without a customer', { customer: null }],
    ['is for somebody whom the merchant invited', { customer: { accountState: 'INVITED' } }],
    ['is for somebody whom we invited long ago', { invite: 'over', customer: { accountState: 'INVITED' } }],
    ['is for somebody whose invite came to nothing', { invite: 'over' }],
    ['is for an activated account', { customer: { accountState: 'ENABLED' } }],
    ['is for somebody who declined', { customer: { accountState: 'DECLINED' } }],
    ['is for a state that came later', { customer: { accountState: 'FROZEN' } }],
    ['is for a customer of whom we know nothing yet', { customer: { accountState: null } }],
  ])('is none where it %s', (_what, change) => {
    expect(chooseAccountStep({ ...usual, ...change })).toEqual({ step: 'none' });
  });

  it('follows the kind of accounts that Shopify names', () => {
    expect(['CLASSIC', 'NEW_CUSTOMER_ACCOUNTS', 'OTHER', null].map(accountModeOf)).toEqual(['legacy', 'new', null, null]);
  });
});
