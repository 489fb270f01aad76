import { MS_PER_24_HOURS, MS_PER_HOUR, MS_PER_SECOND } from '../time/durations.ts';
import { accountModeOf } from './account-settings.ts';
import type { AccountSettings } from './account-settings.ts';

/** 0 is the invite, 1 and 2 remind of it, 3 is none any more. */
export type InviteStep = 0 | 1 | 2 | 3;

/** After the invite. */
export const REMINDER_DAYS = { 1: 3, 2: 10 } as const;
/** A request whose answer was lost may still be on its way: after so long, the account not being invited is believed. */
const SETTLING_WAIT_MS = 600 * MS_PER_SECOND;
const MAX_ATTEMPTS = 5;
/** An invite that could not be sent for so long surprises more than it helps. */
const STALE_AFTER_MS = 2 * MS_PER_24_HOURS;

/** Ends of an invite of which nothing went out, or not all of it. */
export const EARLY_ENDS = [
  'activated',
  'declined',
  'new-accounts',
  'switched-off',
  'no-customer',
  'no-email',
  'consent-withdrawn',
  'refused',
  'too-late',
  /** Shopify did not let us ask or send, for as long as it was worth trying. */
  'no-access',
  /** Shopify did not answer for as long. */
  'unanswered',
] as const;
export type EarlyEnd = (typeof EARLY_ENDS)[number];
export type InviteEnd = EarlyEnd | 'all-sent';

/** Of an invite that never went out: ends that leave it to the shopper to wish for it again. */
export const WISHED_AGAIN_AFTER: readonly EarlyEnd[] = ['no-access', 'unanswered', 'too-late', 'new-accounts', 'switched-off', 'no-email'];
/** An invite that was given up for want of access is taken up again when there is any, unless the wish is older than that. */
export const RESUMED_FOR_DAYS = 14;

/** The customer as Shopify has them at the moment of sending; null when they are gone. */
export interface AccountNow {
  readonly accountsVersion: string | null;
  readonly customer: {
    readonly state: string;
    /** Null without an address that can be written to. */
    readonly email: { readonly marketingState: string; readonly marketingUpdatedAtMs: number | null } | null;
  } | null;
}

export interface InviteCase {
  readonly step: Exclude<InviteStep, 3>;
  readonly settings: AccountSettings;
  readonly wishedAtMs: number;
  /** When it was taken up again after it had been given up; null for one that never was. */
  readonly resumedAtMs: number | null;
  /** When the invite itself went out; null before. */
  readonly invitedAtMs: number | null;
  /** The e-mail of this very step, when it was begun before and nothing is known of how it ended. */
  readonly begun: { readonly intendedAtMs: number; readonly attempts: number } | null;
  readonly account: AccountNow;
  readonly nowMs: number;
}

export type InviteVerdict =
  | { readonly verdict: 'send' }
  /** This e-mail went out before: `unknown` where nobody can tell, and a second would be worse than none. */
  | { readonly verdict: 'was-sent'; readonly as: 'sent' | 'unknown' }
  | { readonly verdict: 'wait'; readonly untilMs: number }
  | { readonly verdict: 'skip' }
  | { readonly verdict: 'end'; readonly reason: InviteEnd };

const end = (reason: InviteEnd): InviteVerdict => ({ verdict: 'end', reason });

/** What is to become of the e-mail that is due. Never two of one step, never one to somebody who must not get any. */
export function judgeInvite(invite: InviteCase): InviteVerdict {
  const { step, settings, wishedAtMs, begun, account, nowMs } = invite;
  const { customer } = account;
  if (customer === null) return end('no-customer');
  if (customer.state === 'ENABLED') return end('activated');
  if (customer.state === 'DECLINED') return end('declined');
  if (begun !== null && step > 0) return { verdict: 'was-sent', as: 'unknown' };
  if (begun !== null && customer.state === 'INVITED') return { verdict: 'was-sent', as: 'sent' };
  if (accountModeOf(account.accountsVersion) !== 'legacy') return end('new-accounts');
  if (!settings.isEnabled) return end('switched-off');
  if (customer.email === null) return end('no-email');
  if (isWithdrawn(customer.email, wishedAtMs)) return end('consent-withdrawn');
  if (step === 0) return judgeFirst({ begun, state: customer.state, triedSinceMs: plannedMsOf(invite), nowMs });
  // One that comes so late would come together with the next, or remind of what nobody thinks of any more.
  const isMeant = nowMs - plannedMsOf(invite) <= STALE_AFTER_MS && (step === 1 ? settings.hasFirstReminder : settings.hasSecondReminder);
  return isMeant ? { verdict: 'send' } : { verdict: 'skip' };
}

/** When an e-mail was to go out. */
function plannedMsOf({ step, wishedAtMs, resumedAtMs, invitedAtMs }: Pick<InviteCase, 'step' | 'wishedAtMs' | 'resumedAtMs' | 'invitedAtMs'>): number {
  return step === 0 ? (resumedAtMs ?? wishedAtMs) : (invitedAtMs ?? wishedAtMs) + REMINDER_DAYS[step] * MS_PER_24_HOURS;
}

function judgeFirst({ begun, state, triedSinceMs, nowMs }: Pick<InviteCase, 'begun' | 'nowMs'> & { state: string; triedSinceMs: number }): InviteVerdict {
  // The merchant's own invite came first.
  if (state === 'INVITED') return { verdict: 'was-sent', as: 'sent' };
  if (nowMs - triedSinceMs > STALE_AFTER_MS) return end('too-late');
  if (begun === null) return { verdict: 'send' };
  if (begun.attempts >= MAX_ATTEMPTS) return end('refused');
  const believedAtMs = begun.intendedAtMs + SETTLING_WAIT_MS;
  return nowMs < believedAtMs ? { verdict: 'wait', untilMs: believedAtMs } : { verdict: 'send' };
}

/** Why Shopify could not be asked, or not told to send. */
export type InviteHindrance = 'unavailable' | 'access' | 'request';

const PAUSES_MS: Readonly<Record<InviteHindrance, number>> = {
  // Shopify may have sent it without saying so: what became of it is known once that has settled.
  unavailable: 60 * MS_PER_SECOND,
  access: MS_PER_HOUR,
  request: SETTLING_WAIT_MS,
};

/**
 * What is to become of an e-mail about which Shopify could not be asked: another try, until it would come so late that it
 * surprises more than it helps.
 */
export function judgeHindered(
  invite: Pick<InviteCase, 'step' | 'wishedAtMs' | 'resumedAtMs' | 'invitedAtMs' | 'nowMs'> & { readonly hindrance: InviteHindrance },
): Extract<InviteVerdict, { verdict: 'wait' | 'end' }> {
  const { hindrance, nowMs } = invite;
  if (nowMs - plannedMsOf(invite) > STALE_AFTER_MS) return { verdict: 'end', reason: hindrance === 'unavailable' ? 'unanswered' : 'no-access' };
  return { verdict: 'wait', untilMs: nowMs + PAUSES_MS[hindrance] };
}

/** Who takes back their consent to e-mail after they wished for an invite wants none of ours either. */
function isWithdrawn({ marketingState, marketingUpdatedAtMs }: { marketingState: string; marketingUpdatedAtMs: number | null }, wishedAtMs: number): boolean {
  if (marketingState === 'INVALID' || marketingState === 'REDACTED') return true;
  return marketingState === 'UNSUBSCRIBED' && marketingUpdatedAtMs !== null && marketingUpdatedAtMs > wishedAtMs;
}

/**
 * What comes after a step that is settled.
 *
 * @param invitedAtMs when the invite itself went out
 */
export function stepAfter(step: Exclude<InviteStep, 3>, invitedAtMs: number): { step: 1 | 2; atMs: number } | null {
  if (step === 2) return null;
  const next = step === 0 ? 1 : 2;
  return { step: next, atMs: invitedAtMs + REMINDER_DAYS[next] * MS_PER_24_HOURS };
}
