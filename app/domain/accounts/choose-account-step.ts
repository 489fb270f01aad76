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
  readonly invite: InviteStanding;
}

/**
 * `coming`: on its way, or in the inbox since a short while. `over`: there was one, and there is nothing to look for any more.
 * `none`: never, or one that ended unsent so that it can be wished for again.
 */
export type InviteStanding = 'none' | 'coming' | 'over';

/** After that, an e-mail is no news that somebody would look for. */
export const INVITE_IS_NEWS_FOR_HOURS = 24;

export type ChosenStep =
  | { readonly step: 'none' }
  | { readonly step: 'invite' }
  | { readonly step: 'invited' }
  | { readonly step: 'sign-in'; readonly url: string };

const NONE: ChosenStep = { step: 'none' };

/** What the thank-you page says about the account. A state that Shopify brought later offers nothing. */
export function chooseAccountStep({ settings, mode, accountsUrl, isSignedIn, customer, invite }: AccountCase): ChosenStep {
  if (!settings.isEnabled || mode === null || isSignedIn) return NONE;
  if (mode === 'new') return accountsUrl === null ? NONE : { step: 'sign-in', url: accountsUrl };
  if (customer === null) return NONE;
  switch (customer.accountState) {
    case 'DISABLED':
      return invite === 'over' ? NONE : { step: invite === 'coming' ? 'invited' : 'invite' };
    case 'INVITED':
      // By us or by the merchant: a second would be one too many, and one of long ago is no word of an inbox.
      return invite === 'coming' ? { step: 'invited' } : NONE;
    default:
      // Activated, declined, or not known yet: the page asks again when our copy has it.
      return NONE;
  }
}
