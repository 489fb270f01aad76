import { loadFirstDecisions } from '#app/adapters/db/offer-decisions.server.ts';
import { loadTermsSince } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import { customersNeeded, measureLift } from '#app/domain/offers/holdout/measure-lift.ts';
import type { Lift, Side } from '#app/domain/offers/holdout/measure-lift.ts';
import { byRule, newestExperiment } from '#app/domain/offers/holdout/newest-experiment.ts';
import type { RuleDecisions } from '#app/domain/offers/holdout/newest-experiment.ts';
import { sumSides } from '#app/domain/offers/holdout/sum-sides.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How long a customer is followed after a decision: the longest that a code works by default, twice. */
const FOLLOWED_DAYS = 60;
/** A difference of five in a hundred is one that a merchant would change an offer for. */
const DIFFERENCE_WORTH_SEEING = 0.05;

type Followed = Pick<Side, 'customers' | 'returned'>;

/** Both sides of a comparison, and what it says. Rates are fractions, amounts minor units of the shop's currency. */
export interface ComparedSides {
  readonly offered: Followed;
  readonly heldOut: Followed;
  /** Null while a side has nobody whose time is over. */
  readonly lift: Lift | null;
}

/** What the offers added. */
export interface OfferLift extends ComparedSides {
  readonly followedDays: number;
  readonly currency: string;
  /** Who is compared: the share that was held out of them, and when they were decided on; null while chance has decided on nobody. */
  readonly experiment: { readonly holdoutBasisPoints: number; readonly fromMs: number; readonly toMs: number } | null;
  readonly waiting: number;
  readonly nextAtMs: number | null;
  /** Held-out customers until a difference of five in a hundred would be seen nine times in ten; null while nothing is known. */
  readonly neededHeldOut: number | null;
  /** The same customers by the rule that fitted first, those with the most of them first. */
  readonly rules: readonly (ComparedSides & Pick<RuleDecisions, 'ruleId' | 'sinceMs'>)[];
}

/** Null while currency and time zone of the shop are not known. */
export const getOfferLift = computedApart('offer-lift', computeOfferLift);

async function computeOfferLift(context: ShopContext, _input: null): Promise<OfferLift | null> {
  const { shop, inShop, now } = context;
  const { firsts, termsSince } = await inShop(async (db) => ({ firsts: await loadFirstDecisions(db, shop), termsSince: await loadTermsSince(db, shop) }));
  const experiment = newestExperiment(firsts);
  const loaded = await loadShopColumns(context);
  if (loaded === null) return null;
  const { columns } = loaded.orders;
  const decisions = experiment?.decisions ?? [];
  const window = { followedDays: FOLLOWED_DAYS, nowMs: now().getTime() };
  const { offered, heldOut, waiting, nextAtMs } = sumSides(columns, decisions, window);
  return {
    ...{ followedDays: FOLLOWED_DAYS, currency: columns.currency, waiting, nextAtMs },
    experiment: experiment && { holdoutBasisPoints: experiment.holdoutBasisPoints, fromMs: experiment.fromMs, toMs: experiment.toMs },
    ...compare(offered, heldOut),
    neededHeldOut: heldOutNeeded(offered, heldOut),
    rules: byRule(decisions, termsSince).map(({ ruleId, sinceMs, decisions: own }) => {
      const sides = sumSides(columns, own, window);
      return { ruleId, sinceMs, ...compare(sides.offered, sides.heldOut) };
    }),
  };
}

function compare(offered: Side, heldOut: Side): ComparedSides {
  return {
    offered: { customers: offered.customers, returned: offered.returned },
    heldOut: { customers: heldOut.customers, returned: heldOut.returned },
    lift: measureLift(offered, heldOut),
  };
}

function heldOutNeeded(offered: Side, heldOut: Side): number | null {
  if (offered.customers === 0 || heldOut.customers === 0) return null;
  const share = (offered.returned + heldOut.returned) / (offered.customers + heldOut.customers);
  if (share === 0 || share + DIFFERENCE_WORTH_SEEING >= 1) return null;
  return customersNeeded({ share, difference: DIFFERENCE_WORTH_SEEING, ratio: offered.customers / heldOut.customers });
}
