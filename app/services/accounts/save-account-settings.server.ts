import { countInvites } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { loadAccountMode, loadAccountSettings, putAccountSettings } from '#app/adapters/db/accounts/account-settings.repository.server.ts';
import type { AccountMode, AccountSettings } from '#app/domain/accounts/account-settings.ts';
import { EARLY_ENDS } from '#app/domain/accounts/judge-invite.ts';
import type { EarlyEnd } from '#app/domain/accounts/judge-invite.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface AccountsPage {
  readonly settings: AccountSettings;
  readonly mode: AccountMode | null;
  readonly counts: InviteCounts;
  /** Invites of which nothing went out, by why, the most frequent first. */
  readonly unsent: readonly UnsentInvites[];
}

export interface UnsentInvites {
  /** `other` for one that a later version of the app knows. */
  readonly reason: EarlyEnd | 'other';
  readonly count: number;
}

/** Customers who wished for an invite: all, those whose account came of it, and those who are still to be reminded. */
export interface InviteCounts {
  readonly wished: number;
  readonly activated: number;
  readonly open: number;
}

export async function getAccountsPage({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>): Promise<AccountsPage> {
  return inShop(async (db) => {
    const counted = await countInvites(db, shop);
    const unsent = new Map<UnsentInvites['reason'], number>();
    for (const { endReason, isSent, count } of counted) {
      if (endReason === null || isSent) continue;
      const reason = EARLY_ENDS.find((end) => end === endReason) ?? 'other';
      unsent.set(reason, (unsent.get(reason) ?? 0) + count);
    }
    const sumOf = (isMeant: (row: { state: string; endReason: string | null }) => boolean) =>
      counted.reduce((sum, row) => (isMeant(row) ? sum + row.count : sum), 0);
    return {
      settings: await loadAccountSettings(db, shop),
      mode: await loadAccountMode(db, shop),
      counts: {
        wished: sumOf(() => true),
        activated: sumOf(({ endReason }) => endReason === 'activated'),
        open: sumOf(({ state }) => state === 'open'),
      },
      unsent: [...unsent].map(([reason, count]) => ({ reason, count })).sort((one, other) => other.count - one.count),
    };
  });
}

export async function saveAccountSettings(
  { shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>,
  settings: AccountSettings,
): Promise<void> {
  await inShop((db) => putAccountSettings(db, shop, settings, now()));
}
