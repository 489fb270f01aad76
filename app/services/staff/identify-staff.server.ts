import { loadStaffMember, noteRefusedStaff, saveStaffMember } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import type { KnownStaff } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import type { StaffAnswer } from '#app/adapters/shopify/staff-facts.server.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A member of staff who is let in, and the way to ask Shopify who that is. */
export interface AskingStaff {
  readonly staffId: string;
  readonly fetchStaffFacts: () => Promise<StaffAnswer>;
}

export type IdentifyingContext = Pick<ShopContext, 'shop' | 'inShop' | 'sealedBox' | 'now'>;

interface IdentifiedStaff {
  /** As we know them by now; null for somebody of whom we were never told. */
  readonly staff: KnownStaff | null;
  /** Of now or of the time that was asked for; or why Shopify did not say it again. */
  readonly confirmation: 'confirmed' | 'refused' | 'unavailable';
}

/** Whom Shopify has told of within a day is not asked for again before points are adjusted. */
export const CONFIRMED_FOR_MS = MS_PER_24_HOURS;

/** Who asks, and whether they still are of the staff: Shopify is asked unless it said so within the time. */
export async function identifyStaff(context: IdentifyingContext, asking: AskingStaff, freshForMs: number): Promise<IdentifiedStaff> {
  const { shop, inShop, sealedBox, now } = context;
  const { staffId } = asking;
  const load = () => inShop((db) => loadStaffMember(db, sealedBox, shop, staffId));
  const known = await load();
  if (known !== null && known.refusedAtMs === null && now().getTime() - known.seenAtMs < freshForMs) return { staff: known, confirmation: 'confirmed' };
  const answer = await asking.fetchStaffFacts();
  switch (answer.outcome) {
    case 'known':
      await inShop((db) => saveStaffMember(db, sealedBox, shop, { facts: answer.facts, now: now() }));
      return { staff: await load(), confirmation: 'confirmed' };
    case 'refused':
      await inShop((db) => noteRefusedStaff(db, shop, staffId, now()));
      return { staff: await load(), confirmation: 'refused' };
    case 'unavailable':
      // Whom it refused when it last answered stays refused: an outage lets nobody back in.
      return { staff: known, confirmation: known !== null && known.refusedAtMs !== null ? 'refused' : 'unavailable' };
  }
}
