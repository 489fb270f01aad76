import { readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import { loadShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import { loadTextsOfSurface } from '#app/adapters/db/texts.repository.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { MetafieldRefusedError } from '#app/adapters/shopify/customer-metafields.server.ts';
import { MissingScopeError } from '#app/adapters/shopify/missing-scope.server.ts';
import { loadThemeTexts, sendThemeTexts } from '#app/adapters/shopify/theme-texts.server.ts';
import { planThemeTexts } from '#app/domain/texts/theme-texts.ts';
import { loadShownProgram } from '#app/services/shopper/shopper-program.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type ThemeContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now' | 'admin'>;

/** `unavailable` may pass soon; the others want somebody to do something. */
export type ThemeTextsProblem = 'unavailable' | 'access' | 'refused';

/**
 * Brings what Shopify has of the merchant's storefront texts, and of whether there is a program to show, to what they are now;
 * null when it is done. What it has is read
 * there each time, so that a lost answer, a restored backup and a new installation all end alike.
 */
export async function writeThemeTexts(context: ThemeContext): Promise<ThemeTextsProblem | null> {
  const { shop, inShop, pool, admin } = context;
  try {
    const { installationId, texts } = await loadThemeTexts(admin);
    const own = await inShop((db) => loadTextsOfSurface(db, shop, 'storefront'));
    const shopperShop = await readAtOnce(pool, shop, (connection) => loadShopperShop(connection, shop));
    const isProgramShown = shopperShop !== null && (await loadShownProgram(null, context, shopperShop)) !== null;
    const changed = planThemeTexts({ own, isProgramShown }, texts);
    if (changed.length > 0) await sendThemeTexts(admin, installationId, changed);
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
function problemOf(error: unknown): ThemeTextsProblem {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError || error instanceof MetafieldRefusedError || error instanceof MissingScopeError) return 'refused';
  throw error;
}
