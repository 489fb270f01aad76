import { loadFreeShipping } from '#app/adapters/db/loyalty/free-shipping.repository.server.ts';
import { loadNewestProgram, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { hasFreeShippingNow, planFreeShipping } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { FreeShippingPlan, FreeShippingState, FreeShippingTrouble } from '#app/domain/loyalty/perks/free-shipping.ts';
import { tierTagOf } from '#app/domain/loyalty/traces/trace-values.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How far the free shipping of tiers has come, as the merchant is told. */
export interface FreeShippingShown {
  /** `not-live`: the program is off, or over. `ending`: no tier gives it any more, and Shopify still has it. */
  readonly phase: 'not-live' | 'ending' | 'making' | 'in-force' | 'refused' | 'too-many' | 'by-hand';
  readonly trouble: FreeShippingTrouble | null;
  /** By which Shopify knows who has it. */
  readonly tags: readonly string[];
}

/** Null where no tier gives it, and none did. */
export async function getFreeShipping({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<FreeShippingShown | null> {
  const { newest, timeZone, state, isTagging } = await inShop(async (db) => {
    const tracing = await db.loyaltyTracing.findUnique({ where: { shopId: shop.shopId }, select: { isTagging: true } });
    const [program, { timeZone: zone }] = [await loadNewestProgram(db, shop), await loadProgramShop(db, shop)];
    return { newest: program, timeZone: zone, state: await loadFreeShipping(db, shop), isTagging: tracing?.isTagging ?? false };
  });
  if (newest === null || timeZone === null) return null;
  const { program } = newest;
  const nowMs = now().getTime();
  const plan = planFreeShipping({ program, isTagging, nowMs, timeZone });
  const levels = program.tiers?.levels.filter(({ hasFreeShipping }) => hasFreeShipping) ?? [];
  const phase = phaseOf({ plan, state, nowMs }, levels.length > 0);
  return phase && { phase, trouble: state?.trouble ?? null, tags: levels.flatMap((level) => tierTagOf(level, isTagging) ?? []) };
}

interface Standing {
  plan: FreeShippingPlan | null;
  state: FreeShippingState | null;
  nowMs: number;
}

function phaseOf({ plan, state, nowMs }: Standing, isGiven: boolean): FreeShippingShown['phase'] | null {
  if (plan === null) return state === null ? (isGiven ? 'not-live' : null) : 'ending';
  if (state === null || state.phase === 'anew') return 'making';
  if (state.phase !== 'in-force') return state.phase;
  return plan.tierIds.every((id) => hasFreeShippingNow(state, id, nowMs)) ? 'in-force' : 'making';
}
