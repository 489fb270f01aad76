/**
 * Preloaded into the app's processes (`NODE_OPTIONS=--import=…/install.ts`) before any of its code, so that what the
 * app sends to a store's domain, or to where Shopify keeps files of bulk operations, reaches the local Shopify. The app
 * itself cannot tell. Plain Node 24 strips the types.
 */
const FILE_HOST = 'storage.googleapis.com';
const simulatorOrigin = process.env['SHOPIFY_SIM_ORIGIN'];

if (simulatorOrigin) {
  const originalFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const isShopify = url.hostname.endsWith('.myshopify.com') || url.hostname === FILE_HOST;
    if (url.protocol !== 'https:' || !isShopify) return originalFetch(input, init);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('x-sim-shop', url.hostname);
    const target = new URL(url.pathname + url.search, simulatorOrigin);
    // A dispatcher would go by the address that was asked for, and refuse the one that is gone to.
    const options: RequestInit = { ...init, headers };
    Reflect.deleteProperty(options, 'dispatcher');
    if (input instanceof Request) return originalFetch(new Request(target, input), options);
    return originalFetch(target, options);
  };
}

export {};
