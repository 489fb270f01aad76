import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import type { WayToEarn } from '#app/contracts/shopper-loyalty.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { followUpsDone } from '#app/services/follow-ups.server.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';

const START = new Date('2026-03-02T10:00:00Z');
export const BEFORE = new Date('2025-06-01T10:00:00Z');
const HOUR_MS = 3_600_000;

export let shop: LoyaltyShop;
let nextId = 1000;

export async function startWelcoming(): Promise<void> {
  shop = await openLoyaltyShop();
}

export const stopWelcoming = () => shop.stop();

/** Legacy accounts, and a program that welcomes since two months ago. */
export async function resetWelcoming(): Promise<void> {
  await setAccounts('CLASSIC');
  shop.setClock(new Date('2026-01-01T00:00:00Z'));
  await saveProgram();
  shop.setClock(START);
}

export const setAccounts = (kind: 'CLASSIC' | 'NEW_CUSTOMER_ACCOUNTS') => shop.owner.query('UPDATE shops SET customer_accounts = $1', [kind]);

/** 5 points a euro and 100 for joining. */
export const saveProgram = ({ welcomePoints = 100, status = { kind: 'live' } }: { welcomePoints?: number | null; status?: Program['status'] } = {}) =>
  shop.saveProgram(aProgram({ status, earning: { pendingDays: 0, welcomePoints } }));

export function freshId(): number {
  nextId += 1;
  return nextId;
}

export function passHour(): void {
  shop.setClock(new Date(shop.context.now().getTime() + HOUR_MS));
}

/** As a webhook, an order or a comparison brings the customer, an hour after what came before; a pull has an import. */
export async function hear(customerId: number, accountState: string | null, { createdAt = BEFORE, updatedAt = null as Date | null } = {}): Promise<void> {
  const { saveCustomers } = await import('#app/adapters/db/customers.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  passHour();
  const now = shop.context.now();
  const customer: CustomerRecord = { customerId: BigInt(customerId), createdAt, updatedAt: updatedAt ?? now, accountState, locale: 'de', numberOfOrders: 0, shopifyRfmGroup: null };
  await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => saveCustomers(connection, shop.context.shop, [customer], null));
}

/** 400 points. */
export async function buy(customerId: number): Promise<void> {
  passHour();
  await shop.putOrder({ orderId: freshId(), customerId, processedAt: shop.context.now(), lines: [{ lineId: 1, totalMinor: 80_00 }] });
  await shop.award();
}

/** A signed-in look at the points, and what is noted behind it. */
export async function visit(customerId: number): Promise<WayToEarn | null> {
  passHour();
  const told = await look(customerId);
  await followUpsDone();
  return told;
}

/** What it says of the points for joining; null where it names none. */
export async function look(customerId: number): Promise<WayToEarn | null> {
  const { getShopperLoyalty } = await import('#app/services/shopper/get-shopper-loyalty.server.ts');
  const told = await getShopperLoyalty({ ...shop.context, wait: async () => {} }, { customerId: BigInt(customerId), currency: null, texts: null });
  return (told.state === 'on' ? told.waysToEarn.find(({ kind }) => kind === 'welcome') : undefined) ?? null;
}

/** The worker's turns, more of them than are needed. */
export async function work(): Promise<void> {
  const { welcomeMembers } = await import('#app/services/loyalty/welcome-members.server.ts');
  for (let turn = 0; turn < 2; turn += 1) {
    await welcomeMembers(shop.context);
    await shop.award();
    await shop.passTime();
  }
}

/** 50 points that a member brings from elsewhere. */
export async function bring(customerId: number): Promise<void> {
  const { LedgerWriter } = await import('#app/adapters/db/loyalty/ledger.repository.server.ts');
  const { enrolCustomers, holdMembers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const { planAdjustment } = await import('#app/domain/loyalty/ledger/plan-adjustment.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const now = shop.context.now();
  await withTenantConnection(shop.context.pool, shop.context.shop, async (connection) => {
    await enrolCustomers(connection, shop.context.shop, { customerIds: [BigInt(customerId)], now });
    const [member] = await holdMembers(connection, shop.context.shop, { customerIds: [BigInt(customerId)] });
    if (member === undefined) throw new Error('no member');
    const writer = new LedgerWriter(now);
    const terms = { maturesAtMs: now.getTime(), expiresOn: null, orderId: null };
    writer.append(member, planAdjustment(member.ledger, { kind: 'import', key: `import/${customerId}`, points: 50, terms, occurredAtMs: now.getTime(), nowMs: now.getTime(), reason: { code: 'imported' } }));
    await writer.write(connection, shop.context.shop, () => null);
  });
}

/** What each entry gave, the oldest first. */
export async function entriesOf(customerId: number): Promise<string[]> {
  const { rows } = await shop.owner.query<{ entry: string }>(
    `SELECT e.reason ->> 'code' || ' ' || -sum(p.points) AS entry FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id)
     JOIN loyalty_postings p USING (shop_id, member_id, sequence) WHERE m.customer_id = $1 AND p.account IN ('issued', 'adjustment')
     GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.sequence`,
    [customerId],
  );
  return rows.map(({ entry }) => entry);
}

export const claimedAt = async (customerId: number): Promise<Date | null> =>
  (await shop.owner.query<{ claimed_at: Date | null }>('SELECT claimed_at FROM loyalty_members WHERE customer_id = $1', [customerId])).rows[0]?.claimed_at ?? null;

export const isDue = async (): Promise<boolean> =>
  (await shop.owner.query("SELECT FROM due_loyalty($1) WHERE work = 'member-time'", [shop.context.now()])).rowCount === 1;
