import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { MAX_METAFIELDS_A_CALL, MetafieldRefusedError } from '#app/adapters/shopify/customer-metafields.server.ts';
import { requireScope } from '#app/adapters/shopify/missing-scope.server.ts';
import type { ThemeTexts } from '#app/domain/texts/theme-texts.ts';
import { SetThemeTextsDocument, ThemeTextsDocument } from '#app/generated/admin-api.ts';

/** Of the app's own installation: Liquid of our theme extension reads it as `app.metafields.storefront`, and nobody else does. */
const NAMESPACE = 'storefront';

export interface WrittenThemeTexts {
  readonly installationId: string;
  readonly texts: readonly ThemeTexts[];
}

/** They go with the installation, so that an app that came back finds none. */
export async function loadThemeTexts(admin: AdminApi): Promise<WrittenThemeTexts> {
  const { data } = await admin(ThemeTextsDocument, {});
  const { id, metafields } = data.currentAppInstallation;
  return { installationId: id, texts: metafields.nodes };
}

export async function sendThemeTexts(admin: AdminApi, installationId: string, texts: readonly ThemeTexts[]): Promise<void> {
  for (let from = 0; from < texts.length; from += MAX_METAFIELDS_A_CALL) {
    const metafields = texts
      .slice(from, from + MAX_METAFIELDS_A_CALL)
      .map(({ key, value }) => ({ ownerId: installationId, namespace: NAMESPACE, type: 'json', key, value }));
    const { data, withheld } = await admin(SetThemeTextsDocument, { metafields });
    requireScope(withheld);
    if (data.metafieldsSet === null) throw new ShopifyUnavailableError('Shopify does not say what came of a metafield');
    const [error] = data.metafieldsSet.userErrors;
    if (error) throw new MetafieldRefusedError(`Shopify refuses the texts of the storefront: ${error.code ?? 'UNKNOWN'}`);
  }
}
