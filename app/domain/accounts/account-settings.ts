/** What the merchant decides about the way into an account. */
export interface AccountSettings {
  readonly isEnabled: boolean;
  /** Three and ten days after the invite, while the account is not activated. */
  readonly hasFirstReminder: boolean;
  readonly hasSecondReminder: boolean;
}

/** Nothing is shown or sent before the merchant switches it on. */
export const DEFAULT_ACCOUNT_SETTINGS: AccountSettings = { isEnabled: false, hasFirstReminder: true, hasSecondReminder: true };

/**
 * `legacy`: with a password, made by following an invite. `new`: made by signing in with a code, so that nothing is to be
 * activated. Null for a kind that Shopify brought later, about which nothing is said or sent.
 */
export type AccountMode = 'legacy' | 'new';

/** @param version CustomerAccountsVersion, as Shopify says it */
export function accountModeOf(version: string | null): AccountMode | null {
  if (version === 'CLASSIC') return 'legacy';
  return version === 'NEW_CUSTOMER_ACCOUNTS' ? 'new' : null;
}
