import { countTierValues } from '#app/domain/retention/columns/customer-tiers.ts';
import type { CustomerTiers } from '#app/domain/retention/columns/customer-tiers.ts';
import { cutToQuery, FIRST_PRODUCT, TIER } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import { offerCuts, VALUES_OFFERED } from '#app/domain/retention/columns/cut-values.ts';
import type { CutValue, OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { Selection } from '#app/domain/retention/columns/selection.ts';
import type { LineColumns } from '#app/domain/retention/products/line-columns.ts';
import { countFirstProducts, selectCut } from '#app/domain/retention/products/select-cut.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import type { ShopLines } from '#app/services/retention/bring-shop-lines.server.ts';
import { loadCustomerTiers, loadTierNames } from '#app/services/retention/customer-tiers.server.ts';
import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopFacts } from '#app/services/retention/shop-columns.server.ts';
import { loadShopLines } from '#app/services/retention/shop-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A part of a shop's customers, and what other parts there are. */
export interface CutScope {
  readonly facts: ShopFacts;
  /** As they are now; beside lines as they were when those were read, some minutes ago at most. */
  readonly orders: ShopColumns;
  readonly lines: LineColumns | null;
  /** By its key where the product was asked for that most customers begin with, or the lowest tier; null for everybody. */
  readonly cut: Cut | null;
  /** What answers are kept of: they go when orders, lines or tiers are others. */
  readonly source: object;
  /** What they are kept under, of this source. */
  readonly key: string;
  /** What else can be chosen. */
  readonly offer: () => OfferedCut[];
  /** Goes through all customers, so for a kept answer nobody calls it. */
  readonly select: () => Selection;
}

/**
 * What the numbers of a part of the customers are computed from; null while currency and time zone are not known. The
 * lines of orders are read for a part by product alone: they take longer to come than the orders, and no other part may
 * wait for them.
 */
export async function loadCutScope(context: ShopContext, asked: Cut | null): Promise<CutScope | null> {
  if (asked?.dimension === FIRST_PRODUCT) {
    const loaded = await loadShopLines(context);
    return loaded === null ? null : { facts: loaded.facts, ...(await cutOfLines(context, loaded.kept, asked)) };
  }
  const loaded = await loadShopColumns(context);
  if (loaded === null) return null;
  const { facts, orders } = loaded;
  const { columns } = orders;
  const { tiers, tierValues, cut } = await resolveTier(context, orders, asked);
  return {
    ...{ facts, orders, lines: null, cut, source: tiers ?? orders },
    offer: () => offered(orders, { products: [], tiers: tierValues }),
    key: cut === null ? '' : cutToQuery(cut),
    select: () => selectCut({ columns, lines: null, tiers }, cut),
  };
}

/** The same where the lines are at hand, of which it offers the products. */
export async function cutOfLines(context: ShopContext, kept: ShopLines, asked: Cut | null): Promise<Omit<CutScope, 'facts' | 'lines'> & { lines: LineColumns }> {
  const { orders, lines } = kept;
  const { columns } = orders;
  const products = () => keptProducts.of(kept, '', () => countFirstProducts({ columns, lines }));
  const { tiers, tierValues, cut: known } = await resolveTier(context, orders, asked);
  const cut = known?.dimension === FIRST_PRODUCT ? productCut(known.value, products) : known;
  return {
    ...{ orders, lines, cut, source: tiers ?? kept },
    offer: () => offered(orders, { products: productsOffered(products(), cut), tiers: tierValues }),
    key: cut === null ? '' : cutToQuery(cut),
    select: () => selectCut({ columns, lines, tiers }, cut),
  };
}

const keptCuts = new KeptAnswers<ShopColumns, OfferedCut[]>(1);
const keptProducts = new KeptAnswers<ShopLines, CutValue[]>(1);

/** @param tiers null where there are none */
function offered(orders: ShopColumns, { products, tiers }: { products: readonly CutValue[]; tiers: readonly CutValue[] | null }): OfferedCut[] {
  return [
    ...keptCuts.of(orders, '', () => offerCuts(orders.columns)),
    { dimension: FIRST_PRODUCT, values: products },
    ...(tiers === null ? [] : [{ dimension: TIER, values: tiers } as const]),
  ];
}

interface ResolvedTier {
  readonly tiers: CustomerTiers | null;
  /** Empty as long as nobody has asked for one: all members are read for those alone. Null where there are no tiers. */
  readonly tierValues: readonly CutValue[] | null;
  readonly cut: Cut | null;
}

async function resolveTier(context: ShopContext, { columns }: ShopColumns, asked: Cut | null): Promise<ResolvedTier> {
  if (asked?.dimension !== TIER) return { tiers: null, tierValues: (await loadTierNames(context)) === null ? null : [], cut: asked };
  const tiers = await loadCustomerTiers(context, columns);
  if (tiers === null) return { tiers, tierValues: null, cut: asked };
  const tierValues = countTierValues(tiers);
  return { tiers, tierValues, cut: asked.value === '' ? { dimension: TIER, value: tierValues[0]?.value ?? null } : asked };
}

function productCut(asked: string, products: () => readonly CutValue[]): Cut | null {
  const value = asked === '' ? products()[0]?.value : asked;
  return typeof value === 'string' ? { dimension: FIRST_PRODUCT, value } : null;
}

/** The one that was chosen is there too, however few begin with it. */
function productsOffered(products: readonly CutValue[], cut: Cut | null): CutValue[] {
  const most = products.slice(0, VALUES_OFFERED);
  if (cut?.dimension !== FIRST_PRODUCT || most.some(({ value }) => value === cut.value)) return most;
  return [...most, products.find(({ value }) => value === cut.value) ?? { value: cut.value, customers: 0 }];
}
