import type { SimShopState } from '../simulator.ts';
import { isPlaced } from './extension-placements.ts';
import type { BlockFrame } from './pages/block-frames.ts';
import type { Storefronts } from './storefront-request.ts';

/** The pages that blocks can stand on, and what Shopify calls the targets there. */
const TARGETS_OF_PAGE = {
  checkout: /^purchase\.checkout\.block\.render$/,
  'thank-you': /^purchase\.thank-you\..*\.render(-after|-before)?$/,
  'order-status': /^customer-account\.order-status\..*\.render(-after|-before)?$/,
  profile: /^customer-account\.profile\.block\.render$/,
};

export const FULL_PAGE = 'customer-account.page.render';

/** The blocks that a merchant has placed on a page; none while the app is not installed. */
export async function blocksFor(
  storefronts: Storefronts,
  shop: SimShopState,
  page: keyof typeof TARGETS_OF_PAGE,
  root: string,
  isInEditor = false,
): Promise<BlockFrame[]> {
  if (!shop.isInstalled()) return [];
  const query = isInEditor ? '?editor=1' : '';
  return (await storefronts.extensions()).flatMap((extension) =>
    extension.targets
      .filter(({ target }) => TARGETS_OF_PAGE[page].test(target) && isPlaced(shop, extension.handle, target))
      .map(({ target }) => ({ name: extension.handle, address: `${root}/${extension.handle}/${target}${query}` })),
  );
}

/** The app's own pages in the customer account, by the handle of their extension. */
export async function fullPagesOf(
  storefronts: Storefronts,
  shop: SimShopState,
  root: string,
): Promise<{ handle: string; name: string; address: string }[]> {
  if (!shop.isInstalled()) return [];
  return (await storefronts.extensions())
    .filter(({ handle, targets }) => targets.some(({ target }) => target === FULL_PAGE) && isPlaced(shop, handle, FULL_PAGE))
    .map(({ handle, name }) => ({ handle, name, address: `${root}/account/pages/${handle}` }));
}
