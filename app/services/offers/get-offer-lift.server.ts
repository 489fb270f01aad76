import { loadFirstDecisions } from '#app/adapters/db/offer-decisions.server.ts';
import { customersNeeded, measureLift } from '#app/domain/offers/holdout/measure-lift.ts';
import type { Lift } from '#app/domain/offers/holdout/measure-lift.ts';
import { sumSides } from '#app/domain/offers/holdout/sum-sides.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How long a customer is followed after a decision: the longest that a code works by default, twice. */
const FOLLOWED_DAYS = 60;
/** A difference of five in a hundred is one that a merchant would change an offer for. */
const DIFFERENCE_WORTH_SEEING = 0.05;

/** What the offer added. Rates are fractions, amounts minor units of the shop's currency. */
export interface OfferLift {
  readonly followedDays: number;
  readonly currency: string;
  readonly offered: { readonly customers: number; readonly returned: number };
  readonly heldOut: { readonly customers: number; readonly returned: number };
  readonly waiting: number;
  readonly nextAtMs: number | null;
  /** Null while a side has nobody whose time is over. */
  readonly lift: Lift | null;
  /** Held-out customers until a difference of five in a hundred would be seen nine times in ten; null while nothing is known. */
  readonly neededHeldOut: number | null;
}

/** Null while currency and time zone of the shop are not known. */
export const getOfferLift = computedApart('offer-lift', computeOfferLift);

async function computeOfferLift(context: ShopContext, _input: null): Promise<OfferLift | null> {
  const { shop, inShop, now } = context;
  const decisions = await inShop((db) => loadFirstDecisions(db, shop));
  const loaded = await loadShopColumns(context);
  if (loaded === null) return null;
  const { columns } = loaded.orders;
  const { offered, heldOut, waiting, nextAtMs } = sumSides(columns, decisions, { followedDays: FOLLOWED_DAYS, nowMs: now().getTime() });
  const customers = offered.customers + heldOut.customers;
  const share = customers === 0 ? 0 : (offered.returned + heldOut.returned) / customers;
  const isKnown = offered.customers > 0 && heldOut.customers > 0 && share > 0 && share + DIFFERENCE_WORTH_SEEING < 1;
  return {
    ...{ followedDays: FOLLOWED_DAYS, currency: columns.currency, waiting, nextAtMs },
    offered: { customers: offered.customers, returned: offered.returned },
    heldOut: { customers: heldOut.customers, returned: heldOut.returned },
    lift: measureLift(offered, heldOut),
    neededHeldOut: isKnown
      ? customersNeeded({ share, difference: DIFFERENCE_WORTH_SEEING, ratio: offered.customers / heldOut.customers })
      : null,
  };
}
