import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * The same shop, by whom a question that found no answer is asked again at once: whoever tests an outage need not wait
 * through it. The pace that Shopify sets is kept.
 */
export async function askingAtOnce(context: ShopContext): Promise<ShopContext> {
  const { shopContext } = await import('#app/context.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const { admin } = shopContext(context.shop, { ...systemRuntime, wait: () => systemRuntime.wait(1) });
  return { ...context, admin };
}
