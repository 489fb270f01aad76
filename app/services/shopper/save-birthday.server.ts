import { loadUnknownCustomers } from '#app/adapters/db/loyalty/known-customers.server.ts';
import { enrolCustomers, holdMembers, saveMemberBirthday } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { loadShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { BirthdayAnswer, BirthdayRequest } from '#app/contracts/shopper-loyalty.ts';
import { dueMsOf } from '#app/services/loyalty/program-terms.server.ts';
import { tellBirthday } from '#app/services/shopper/get-shopper-loyalty.server.ts';
import { loadShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Keeps a customer's birthday, once: they are a member from then on, and the worker gives the points on the day. Asked
 * again for the same day, it is as it was.
 */
export function saveBirthday(
  context: Pick<ShopContext, 'shop' | 'pool' | 'now'>,
  { customerId, month, day }: BirthdayRequest & { customerId: bigint },
): Promise<BirthdayAnswer> {
  const { shop, pool, now } = context;
  const birthday = month * 100 + day;
  return withTenantConnection(pool, shop, async (connection): Promise<BirthdayAnswer> => {
    const shopperShop = await loadShopperShop(connection, shop);
    const program = shopperShop && (await loadShownProgram(connection, context, shopperShop));
    if (program === null || tellBirthday(program, null).points === null) return { state: 'refused', reason: 'closed' };
    const nowDate = now();
    // Before the member's row, as a redaction takes them; whoever was forgotten is not known any more and stays away.
    const unknown = await loadUnknownCustomers(connection, shop, [customerId]);
    if (!unknown.has(customerId)) await enrolCustomers(connection, shop, { customerIds: [customerId], now: nowDate });
    const [member] = await holdMembers(connection, shop, { customerIds: [customerId] });
    if (member === undefined) return { state: 'refused', reason: 'not-yet' };
    if (member.isExcluded) return { state: 'refused', reason: 'excluded' };
    if (member.birthday !== null && member.birthday !== birthday) return { state: 'refused', reason: 'already-set' };
    if (member.birthday === null) {
      const told = { ...member, birthday, birthdayKnownAtMs: nowDate.getTime() };
      const dueMs = dueMsOf(program.terms, nowDate.getTime())(told);
      await saveMemberBirthday(connection, shop, { memberId: member.memberId, birthday, knownAt: nowDate, dueMs });
    }
    return { state: 'saved', birthday: tellBirthday(program, birthday) };
  });
}
