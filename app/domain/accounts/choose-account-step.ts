import type { AccountMode, AccountSettings } from './account-settings.ts';

export interface AccountCase {
  readonly settings: AccountSettings;
  readonly mode: AccountMode | null;
  /** Where the shop's accounts are; null where it is not known. */
  readonly accountsUrl: string | null;
  /** Whether whoever asks has proved to be signed in. */
  readonly isSignedIn: boolean;
  /** Of the order; null for a guest without one, and for somebody who was forgotten. */
  readonly customer: { readonly accountState: string | null } | null;
  /** Whether an invite is under way, was sent, or may have been. */
  readonly hasInvite: boolean;
}

export type ChosenStep =
  | { readonly step: 'none' }
  | { readonly step: 'invite' }
  | { readonly step: 'invited' }
  | { readonly step: 'sign-in'; readonly url: string };

const NONE: ChosenStep = { step: 'none' };

/** What the thank-you page says about the account. A state that Shopify brought later offers nothing. */
export function chooseAccountStep({ settings, mode, accountsUrl, isSignedIn, customer, hasInvite }: AccountCase): ChosenStep {
  if (!settings.isEnabled || mode === null || isSignedIn) return NONE;
  if (mode === 'new') return accountsUrl === null ? NONE : { step: 'sign-in', url: accountsUrl };
  if (customer === null) return NONE;
  switch (customer.accountState) {
    case 'DISABLED':
      return { step: hasInvite ? 'invited' : 'invite' };
    case 'INVITED':
      // Ours, or one that the merchant sent: a second would be one too many.
      return { step: 'invited' };
    default:
      // Activated, declined, or not known yet: the page asks again when our copy has it.
      return NONE;
  }
}
