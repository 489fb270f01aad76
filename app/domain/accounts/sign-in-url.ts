/**
 * The way into a new customer account that ends at one of its pages: Shopify has whoever is not signed in sign in first
 * and goes on from there.
 *
 * @param accountsUrl where the shop's accounts are, which may name a place within by its query
 * @param pageId of an extension's page; null for where the account begins
 */
export function deriveSignInUrl(accountsUrl: string, pageId: string | null): string {
  if (pageId === null) return accountsUrl;
  const [place = '', query] = accountsUrl.split('?', 2);
  const page = `${place.replace(/\/+$/, '')}/pages/${encodeURIComponent(pageId)}`;
  return query === undefined ? page : `${page}?${query}`;
}
