/**
 * Preloaded into the app's processes (`NODE_OPTIONS=--import=…/install.ts`) before any of its code, so that what the
 * app sends to a store's domain reaches the local Shopify. The app itself cannot tell. Plain Node 24 strips the types.
 */
const simulatorOrigin = process.env['SHOPIFY_SIM_ORIGIN'];

if (simulatorOrigin) {
  const originalFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== 'https:' || !url.hostname.endsWith('.myshopify.com')) return originalFetch(input, init);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('x-sim-shop', url.hostname);
    const target = new URL(url.pathname + url.search, simulatorOrigin);
    if (input instanceof Request) return originalFetch(new Request(target, input), { ...init, headers });
    return originalFetch(target, { ...init, headers });
  };
}

export {};
