import { appendProgramVersion, loadNewestProgram, lockShopForProgram, putProgress } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { isAnythingLeft } from '#app/adapters/db/loyalty/what-is-left.server.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Switches a program off whose last day is over, once nobody has a point or a code of it any more: until then somebody has
 * to see to what members still hold.
 *
 * @returns whether it is off from now on
 */
export function endProgram({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<boolean> {
  return inShop(async (db) => {
    const { timeZone, dataVersion } = await lockShopForProgram(db, shop);
    const newest = await loadNewestProgram(db, shop);
    if (newest === null || timeZone === null || newest.program.status.kind !== 'winding-down') return false;
    const savedAt = now();
    if (dayOfInstant(savedAt.getTime(), timeZone) <= newest.program.status.lastRedemptionDay) return false;
    if (await isAnythingLeft(db, shop)) return false;
    const status = { kind: 'off' } as const;
    await appendProgramVersion(db, shop, { version: newest.version + 1, program: { ...newest.program, status }, savedAtMs: savedAt.getTime(), savedBy: null });
    await putProgress(db, shop, { status, begins: false, dataVersion, now: savedAt });
    return true;
  });
}
