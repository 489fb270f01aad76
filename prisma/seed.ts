import { registerShop } from '#app/adapters/db/shop-registry.server.ts';
import { inShopOf } from '#app/adapters/db/tenant.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { FIRST_RULE_ID } from '#app/domain/offers/first-rule.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import { readyMadeRule } from '#app/domain/offers/ready-made-rules.ts';
import { saveOfferSettings } from '#app/services/offers/save-offer-settings.server.ts';

// For a store to try Perennial on: the offer is on from the start, so that the first purchase shows what it does. A
// merchant's own store begins with it off, and what was set here before stays.
const [domain] = process.argv.slice(2);
if (!domain) throw new Error('Name the shop: prisma/seed.ts example.myshopify.com');

const shop = await registerShop(prisma, domain);
const inShop = inShopOf(prisma, shop);
const known = await inShop((db) => db.offerSettings.findUnique({ where: { shopId: shop.shopId } }));
if (known === null) {
  const saved = await saveOfferSettings(
    { shop, inShop, now: () => new Date() },
    { ...DEFAULT_OFFER_SETTINGS, isEnabled: true, rules: [{ ruleId: FIRST_RULE_ID, name: 'First-timers', ...readyMadeRule('first-timers', null) }] },
  );
  if (!saved.ok) throw new Error(`The offers were refused: ${saved.reason}`);
}
await prisma.$disconnect();
await pool.end();
