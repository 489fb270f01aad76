import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { accountModeOf, DEFAULT_ACCOUNT_SETTINGS } from '#app/domain/accounts/account-settings.ts';
import type { AccountMode, AccountSettings } from '#app/domain/accounts/account-settings.ts';

export async function loadAccountSettings(db: TenantDb, { shopId }: ShopRef): Promise<AccountSettings> {
  const select = { isEnabled: true, hasFirstReminder: true, hasSecondReminder: true };
  return (await db.accountSettings.findUnique({ where: { shopId }, select })) ?? DEFAULT_ACCOUNT_SETTINGS;
}

export async function putAccountSettings(db: TenantDb, { shopId }: ShopRef, settings: AccountSettings, now: Date): Promise<void> {
  const columns = { ...settings, updatedAt: now };
  await db.accountSettings.upsert({ where: { shopId }, create: { shopId, ...columns }, update: columns });
}

/** As Shopify last told, which it does whenever a shop's settings change. */
export async function loadAccountMode(db: TenantDb, { shopId }: ShopRef): Promise<AccountMode | null> {
  const { customerAccounts } = await db.shop.findUniqueOrThrow({ where: { shopId }, select: { customerAccounts: true } });
  return accountModeOf(customerAccounts);
}
