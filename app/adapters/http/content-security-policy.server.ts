import type { ShopDomain } from '#app/domain/ids.ts';

/** For every answer that is no document: it is data, and whoever opens it as a page gets nothing to run or to frame. */
export const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Shopify keeps pictures and fonts there. Merchants upload files to the same host, so no script of it is trusted but
// App Bridge, by its whole address.
const SHOPIFY_FILES = 'https://cdn.shopify.com';

interface Document {
  /** In whose admin it may be framed; null: nowhere. */
  shop: ShopDomain | null;
  /** What scripts written into the document carry. */
  nonce: string;
  appBridgeUrl: string;
  /** Vite's own client asks for changes over a socket. */
  isDevelopment: boolean;
}

export function documentPolicy({ shop, nonce, appBridgeUrl, isDevelopment }: Document): string {
  const bridge = new URL(appBridgeUrl);
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' ${bridge.origin}${bridge.pathname}`,
    // Polaris places things by style attributes, which no nonce reaches; App Bridge adds rules of its own.
    `style-src 'self' 'unsafe-inline' ${SHOPIFY_FILES}`,
    `img-src 'self' data: ${SHOPIFY_FILES}`,
    `font-src 'self' ${SHOPIFY_FILES}`,
    `connect-src 'self' ${bridge.origin}${isDevelopment ? ' ws: wss:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${shop === null ? "'none'" : `https://${shop} https://admin.shopify.com`}`,
  ];
  return directives.join('; ');
}
