import type pg from 'pg';
import { z } from 'zod';

import { endedUnsent } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { accountModeOf, DEFAULT_ACCOUNT_SETTINGS } from '#app/domain/accounts/account-settings.ts';
import type { AccountCase } from '#app/domain/accounts/choose-account-step.ts';
import { WISHED_AGAIN_AFTER } from '#app/domain/accounts/judge-invite.ts';

const rowSchema = z.object({
  customer_accounts: z.string().nullable(),
  customer_accounts_url: z.string().nullable(),
  settings: z.object({ isEnabled: z.boolean(), hasFirstReminder: z.boolean(), hasSecondReminder: z.boolean() }).nullable(),
  is_known: z.boolean(),
  account_state: z.string().nullable(),
  has_invite: z.boolean(),
});

/**
 * All that the step towards an account goes by, in one statement: of a customer, or of whoever placed an order. Throws for a
 * shop that is gone.
 */
export async function loadAccountStanding(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  of: { readonly customerId: bigint | null } | { readonly ofOrder: bigint },
): Promise<Omit<AccountCase, 'isSignedIn'>> {
  const [customerId, orderId] = 'ofOrder' in of ? [null, of.ofOrder] : [of.customerId, null];
  const values = [shopId, customerId === null ? null : String(customerId), orderId === null ? null : String(orderId), WISHED_AGAIN_AFTER];
  const { rows } = await connection.query({ name: 'load-account-standing', text: STANDING, values });
  const row = rowSchema.parse(rows[0]);
  return {
    settings: row.settings ?? DEFAULT_ACCOUNT_SETTINGS,
    mode: accountModeOf(row.customer_accounts),
    accountsUrl: row.customer_accounts_url,
    customer: row.is_known ? { accountState: row.account_state } : null,
    hasInvite: row.has_invite,
  };
}

const STANDING = `
  SELECT s.customer_accounts, s.customer_accounts_url, c.customer_id IS NOT NULL AS is_known, c.account_state,
    i.customer_id IS NOT NULL AND NOT (${endedUnsent('$4')}) AS has_invite,
    CASE WHEN a.shop_id IS NOT NULL THEN json_build_object('isEnabled', a.is_enabled, 'hasFirstReminder', a.has_first_reminder,
      'hasSecondReminder', a.has_second_reminder) END AS settings
  FROM shops s
  LEFT JOIN account_settings a ON a.shop_id = s.shop_id
  LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = $3::bigint
  LEFT JOIN customers c ON c.shop_id = s.shop_id AND c.customer_id = coalesce($2::bigint, o.customer_id)
  LEFT JOIN account_invites i ON i.shop_id = s.shop_id AND i.customer_id = coalesce($2::bigint, o.customer_id)
  WHERE s.shop_id = $1`;
