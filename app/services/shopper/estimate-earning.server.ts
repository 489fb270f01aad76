import { allAnswers, readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import { loadEarnerStanding } from '#app/adapters/db/shopper/earner-standing.server.ts';
import { loadShownTexts } from '#app/adapters/db/texts.repository.server.ts';
import type { TextsPlace } from '#app/adapters/db/texts.repository.server.ts';
import { isBuried } from '#app/adapters/db/tombstones.repository.server.ts';
import { recallProductFacts } from '#app/adapters/shopify/recall-product-facts.server.ts';
import type { EarnEstimate } from '#app/contracts/earn-estimate.ts';
import { deriveCheckoutGoods } from '#app/domain/loyalty/accrual/checkout-goods.ts';
import type { AskedCheckout } from '#app/domain/loyalty/accrual/checkout-goods.ts';
import type { EarningLine } from '#app/domain/loyalty/accrual/earning-order.ts';
import { estimatePoints } from '#app/domain/loyalty/accrual/estimate-points.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { versionInForce } from '#app/domain/loyalty/program/version-in-force.ts';
import { shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { loadShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type EstimateContext = Pick<ShopContext, 'shop' | 'pool' | 'now' | 'admin' | 'sealedBox'>;

interface Asked {
  /** Of a buyer who is signed in, as Shopify's token says; null when nobody is. */
  readonly customerId: bigint | null;
  readonly checkout: AskedCheckout;
  readonly texts: TextsPlace | null;
}

const NONE: EarnEstimate = { state: 'none' };

/**
 * What an order of this checkout will give, by the very function that gives it; to a guest, what it gives to members. Nobody
 * is told a number that another may follow: where it depends on what is not known, as on the shop's rate of exchange, on
 * a tax that is still to come, or on Shopify, which does not answer, nothing is. Writes nothing.
 */
export async function estimateEarning(context: EstimateContext, { customerId, checkout, texts: place }: Asked): Promise<EarnEstimate> {
  const { shop, pool, sealedBox } = context;
  const [standing, texts] = await readAtOnce(pool, shop, (connection) =>
    allAnswers([loadEarnerStanding(connection, shop, customerId), loadShownTexts(connection, shop, place)]),
  );
  const program = standing && (await loadShownProgram(null, context, standing.shop));
  if (standing === null || program === null || program.shown.status !== 'live') return NONE;
  const { member, hasOrdered, pricesContainTax } = standing;
  const { nowMs, terms } = program;
  const version = versionInForce(terms.versions, nowMs);
  const value = valueOf(checkout, pricesContainTax);
  if (version === null || value === null || member?.isExcluded === true) return NONE;
  // Who was forgotten is given nothing any more.
  const isNew = customerId !== null && member === null;
  if (isNew && (await readAtOnce(pool, shop, (connection) => isBuried(connection, sealedBox, shop, customerId)))) return NONE;
  const lines = await shopifyOr(() => linesOf(context, { checkout, program: version.program, nowMs }), () => Promise.resolve(null));
  if (lines === null) return NONE;
  const points = estimatePoints({
    ...{ version, nowMs, tierChanges: member?.tierChanges ?? [] },
    cart: { presentmentValue: value, shopValue: value.currency === terms.currency ? value : null, lines },
    // Nobody knows of a guest whether they have bought before.
    isFirstOrder: customerId !== null && !hasOrdered,
  });
  return points === 0 ? NONE : { state: 'known', points, who: customerId === null ? 'members' : 'you', texts };
}

function valueOf({ currency, lines, ...money }: AskedCheckout, usuallyContainsTax: boolean | null): { currency: string; amountMinor: number } | null {
  const amountMinor = deriveCheckoutGoods({ ...money, linesMinor: lines.map((line) => line.amountMinor), usuallyContainsTax });
  return amountMinor === null ? null : { currency, amountMinor };
}

interface LinesInput {
  readonly checkout: AskedCheckout;
  readonly program: Program;
  readonly nowMs: number;
}

/** Shopify is asked only where a rate is for collections, or a line may be a gift card. */
async function linesOf({ shop, admin }: EstimateContext, { checkout, program, nowMs }: LinesInput): Promise<EarningLine[]> {
  const collectionIds = [...new Set(program.earning.multipliers.flatMap(({ scope }) => (scope.kind === 'collections' ? scope.collectionIds : [])))];
  const inQuestion = checkout.lines.filter(({ isSent }) => collectionIds.length > 0 || !isSent);
  const productIds = [...new Set(inQuestion.flatMap(({ productId }) => (productId === null ? [] : [productId])))];
  const facts = await recallProductFacts({ shop, admin, nowMs }, { productIds, collectionIds });
  return checkout.lines.map(({ productId, amountMinor, isSent }, index) => {
    const known = productId === null ? undefined : facts.get(productId);
    return {
      lineId: BigInt(index + 1),
      productId,
      collectionIds: known?.collectionIds ?? [],
      isGiftCard: !isSent && known?.isGiftCard === true,
      remainingMinor: amountMinor,
    };
  });
}
