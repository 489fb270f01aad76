import type pg from 'pg';
import { z } from 'zod';

import { endedUnsent } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { accountModeOf, DEFAULT_ACCOUNT_SETTINGS } from '#app/domain/accounts/account-settings.ts';
import { INVITE_IS_NEWS_FOR_HOURS } from '#app/domain/accounts/choose-account-step.ts';
import type { AccountCase } from '#app/domain/accounts/choose-account-step.ts';
import { WISHED_AGAIN_AFTER } from '#app/domain/accounts/judge-invite.ts';
import { MS_PER_HOUR } from '#app/domain/time/durations.ts';

const rowSchema = z.object({
  customer_accounts: z.string().nullable(),
  customer_accounts_url: z.string().nullable(),
  settings: z.object({ isEnabled: z.boolean(), hasFirstReminder: z.boolean(), hasSecondReminder: z.boolean() }).nullable(),
  is_known: z.boolean(),
  account_state: z.string().nullable(),
  invite: z.enum(['none', 'coming', 'over']),
});

/**
 * All that the step towards an account goes by, in one statement: of a customer, or of whoever placed an order. Throws for a
 * shop that is gone.
 */
export async function loadAccountStanding(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  of: ({ readonly customerId: bigint | null } | { readonly ofOrder: bigint }) & { readonly now: Date },
): Promise<Omit<AccountCase, 'isSignedIn'>> {
  const [customerId, orderId] = 'ofOrder' in of ? [null, of.ofOrder] : [of.customerId, null];
  const newsSince = new Date(of.now.getTime() - INVITE_IS_NEWS_FOR_HOURS * MS_PER_HOUR);
  const values = [shopId, customerId === null ? null : String(customerId), orderId === null ? null : String(orderId), WISHED_AGAIN_AFTER, newsSince];
  const { rows } = await connection.query({ name: 'load-account-standing', text: STANDING, values });
  const row = rowSchema.parse(rows[0]);
  return {
    settings: row.settings ?? DEFAULT_ACCOUNT_SETTINGS,
    mode: accountModeOf(row.customer_accounts),
    accountsUrl: row.customer_accounts_url,
    customer: row.is_known ? { accountState: row.account_state } : null,
    invite: row.invite,
  };
}

const STANDING = `
  SELECT s.customer_accounts, s.customer_accounts_url, c.customer_id IS NOT NULL AS is_known, c.account_state,
    CASE WHEN i.customer_id IS NULL OR ${endedUnsent('$4')} THEN 'none'
      WHEN i.state = 'open' AND i.next_step = 0 THEN 'coming'
      WHEN EXISTS (SELECT FROM account_invite_emails e WHERE e.shop_id = i.shop_id AND e.customer_id = i.customer_id AND e.step = 0
        AND e.state <> 'refused' AND coalesce(e.settled_at, e.intended_at) > $5) THEN 'coming'
      ELSE 'over' END AS invite,
    CASE WHEN a.shop_id IS NOT NULL THEN json_build_object('isEnabled', a.is_enabled, 'hasFirstReminder', a.has_first_reminder,
      'hasSecondReminder', a.has_second_reminder) END AS settings
  FROM shops s
  LEFT JOIN account_settings a ON a.shop_id = s.shop_id
  LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = $3::bigint
  LEFT JOIN customers c ON c.shop_id = s.shop_id AND c.customer_id = coalesce($2::bigint, o.customer_id)
  LEFT JOIN account_invites i ON i.shop_id = s.shop_id AND i.customer_id = coalesce($2::bigint, o.customer_id)
  WHERE s.shop_id = $1`;
