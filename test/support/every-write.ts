import { randomUUID } from 'node:crypto';

import type pg from 'pg';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { FaultProxy, ProxiedRequest } from '#test/support/fault-proxy.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { givePoints } from '#test/support/loyalty/give-points.ts';

const OFFER_CREDIT_MINOR = 111;
const REWARD_CREDIT_MINOR = 500;
const SEGMENT_TAG = 'perennial-regulars';
const TIER_TAG = 'perennial-silver';

/** What the worker writes to Shopify, by what such a request says. */
const WRITES = {
  'offer code': /discountRedeemCodeBulkAdd/,
  'offer credit': new RegExp(`storeCreditAccountCredit.*"${(OFFER_CREDIT_MINOR / 100).toFixed(2)}"`, 's'),
  'reward code': /discountCodeBasicCreate.*Perennial: reward/s,
  'reward credit': new RegExp(`storeCreditAccountCredit.*"${(REWARD_CREDIT_MINOR / 100).toFixed(2)}"`, 's'),
  invite: /customerSendAccountInviteEmail/,
  metafields: /metafieldsSet.*Customer/s,
  'segment tag': new RegExp(`tagsAdd.*${SEGMENT_TAG}`, 's'),
  'tier tag': new RegExp(`tagsAdd.*${TIER_TAG}`, 's'),
  flow: /flowTriggerReceive/,
} as const;
export type Write = keyof typeof WRITES;

/** Of one shop those that can be under way at once; the others come after them, so another shop stands there. */
export const UNDER_WAY: readonly (readonly Write[])[] = [
  ['offer code', 'reward code', 'reward credit', 'invite', 'metafields', 'segment tag'],
  ['offer credit', 'flow'],
];

export function writeOf({ body }: Pick<ProxiedRequest, 'body'>): Write | null {
  const found = Object.entries(WRITES).find(([, says]) => says.test(body));
  return found === undefined ? null : (found[0] as Write);
}

/** Of those that the second time would be a second effect. */
export const ONLY_ONCE: readonly Write[] = ['offer code', 'offer credit', 'reward code', 'reward credit', 'invite', 'flow'];

export interface HeldWrites {
  /** Shop and write, of all that are under way. */
  readonly underWay: ReadonlySet<string>;
  /** They go on to Shopify, whoever still waits for their answers, and whatever comes later goes through. */
  release(): void;
}

/** Holds the first of each of these on its way to Shopify; the same once more goes lost. */
export function holdWrites(proxy: FaultProxy, held: ReadonlyMap<string, readonly Write[]>): HeldWrites {
  const underWay = new Set<string>();
  let isReleased = false;
  let letGo: () => void = () => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  proxy.plan = async (request) => {
    const write = writeOf(request);
    const domain = String(request.headers['x-sim-shop']);
    if (isReleased || write === null || held.get(domain)?.includes(write) !== true) return undefined;
    const key = `${domain} ${write}`;
    if (underWay.has(key)) return { kind: 'reset' };
    underWay.add(key);
    await released;
    return undefined;
  };
  return {
    underWay,
    release: () => {
      isReleased = true;
      letGo();
    },
  };
}

/** What Shopify has of them when each was made once, whatever became of the rest. */
export const EACH_ONCE = {
  offerCodes: 1,
  rewardDiscounts: 1,
  credits: [OFFER_CREDIT_MINOR, REWARD_CREDIT_MINOR],
  invites: 1,
};

interface Asking {
  readonly owner: pg.Client;
  readonly context: ShopContext;
  readonly shopify: ShopStore;
  /** From when on orders earn, which the worker then does beside all that. */
  readonly earnsFromMs: number;
}

/** One of each is put on record as the app does it, in a shop of legacy accounts whose history is here; nothing is sent. */
export async function askForEveryWrite(asking: Asking): Promise<void> {
  await askForOffers(asking);
  await askForPoints(asking);
  await askForInvite(asking);
  const { requestSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
  const asked = { segmentKey: 'returning', title: 'Regulars', kind: 'tag', tag: SEGMENT_TAG, isKept: false, hasNative: false } as const;
  requireOk(await requestSegmentWrite(asking.context, asked));
}

/** A code for one order and credit for another, of today. */
async function askForOffers({ owner, context, shopify }: Asking): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const credit = aRule({ grant: { kind: 'store-credit', amountMinor: OFFER_CREDIT_MINOR } });
  const orderIds = [...shopify.orders.keys()].slice(-2);
  // The last rule gives no codes, so that none are made ahead.
  for (const [index, rule] of [aRule({ ruleId: randomUUID() }), credit].entries()) {
    requireOk(await saveOfferSettings(context, offering([rule])));
    const orderId = orderIds[index] ?? 0;
    await owner.query('UPDATE orders SET created_at = now() WHERE shop_id = $1 AND order_id = $2', [context.shop.shopId, orderId]);
    const answer = await requestNextOrderOffer(context, { orderId: BigInt(orderId), customerId: null });
    if (!answer.ok || answer.value.state !== 'pending') throw new Error('no offer');
  }
}

/** Two members whose tier is about to be told of: one takes a code for points, the other store credit. */
async function askForPoints({ owner, context, shopify, earnsFromMs }: Asking): Promise<void> {
  const { shopId } = context.shop;
  const usual = aProgram({ earning: { pendingDays: 0, earnsFromMs } });
  const level = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false };
  const [reward] = usual.rewards;
  if (reward === undefined) throw new Error('a program without rewards');
  const program = {
    ...usual,
    rewards: [...usual.rewards, { ...reward, id: 'credit', gives: { kind: 'store-credit', points: 500, amounts: [{ currency: 'EUR', amountMinor: REWARD_CREDIT_MINOR }] } }],
    tiers: {
      ...{ basis: 'orders', window: 'rolling-year', graceDays: 30 },
      levels: [{ ...level, id: 'bronze', name: 'Bronze', threshold: 0, tag: null }, { ...level, id: 'silver', name: 'Silver', threshold: 1, tag: TIER_TAG }],
    },
  };
  await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [shopId, JSON.stringify(program)]);
  await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed, orders_version) SELECT shop_id, true, data_version FROM shops WHERE shop_id = $1', [shopId]);
  const { saveTagging } = await import('#app/services/loyalty/traces/save-tagging.server.ts');
  await saveTagging(context, true);
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const customerIds = [...shopify.customers.keys()].slice(0, 2).map(BigInt);
  for (const [index, customerId] of customerIds.entries()) {
    await givePoints(context, { customerId, points: 2_000, key: `start ${customerId}` });
    const rewardId = index === 0 ? 'amount-500' : 'credit';
    requireOk(await redeemPoints(context, { customerId, rewardId, points: null, currency: null, requestKey: `wish ${customerId}` }));
  }
  await owner.query('UPDATE loyalty_members SET due_at = now() WHERE shop_id = $1', [shopId]);
  const { passTime } = await import('#app/services/loyalty/pass-time.server.ts');
  while ((await passTime(context)) === 'more');
}

async function askForInvite({ owner, context, shopify }: Asking): Promise<void> {
  const [customer] = [...shopify.customers.values()].slice(2);
  if (customer === undefined) throw new Error('nobody to invite');
  shopify.save('shop', { ...shopify.shop, customerAccounts: 'CLASSIC' });
  shopify.save('customer', { ...customer, state: 'DISABLED' });
  const { shopId } = context.shop;
  await owner.query('INSERT INTO account_settings VALUES ($1, true, true, true, now())', [shopId]);
  await owner.query(
    `INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, next_step, not_before) VALUES ($1, $2, 1, 'open', now(), 0, now())`,
    [shopId, customer.id],
  );
}

export function effectsIn(shopify: ShopStore): typeof EACH_ONCE {
  const discounts = [...shopify.discounts.values()];
  const customers = [...shopify.customers.values()];
  const ofRewards = discounts.filter(({ title }) => title.startsWith('Perennial: reward'));
  return {
    // The first code of an offer's discount is given to nobody.
    offerCodes: discounts.filter((discount) => !ofRewards.includes(discount)).reduce((sum, { codes }) => sum + codes.length - 1, 0),
    rewardDiscounts: ofRewards.length,
    credits: customers.flatMap(({ storeCredit = [] }) => storeCredit.flatMap(({ credits }) => credits.map(({ amountMinor }) => amountMinor))).sort((a, b) => a - b),
    invites: customers.reduce((sum, { accountInvites = [] }) => sum + accountInvites.length, 0),
  };
}

/** What waits for so long that nothing sent before is on its way any more has waited. */
export async function letTimePass(owner: pg.Client): Promise<void> {
  await owner.query("UPDATE loyalty_redemptions SET not_before = now() WHERE state = 'reserved'");
  await owner.query("UPDATE offer_credits SET not_before = now() WHERE state = 'intended'");
  await owner.query("UPDATE account_invite_emails SET intended_at = now() - interval '11 minutes' WHERE state = 'intended'");
  await owner.query("UPDATE account_invites SET not_before = now() WHERE state = 'open' AND next_step = 0");
  await owner.query("UPDATE loyalty_flow_events SET not_before = now() WHERE state = 'waiting'");
  await owner.query('UPDATE loyalty_tracing SET look_due_at = now()');
}

/** How much of what was asked for the worker has not come to an end with. */
export async function countUnsettled(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ left: number }>(`
    SELECT ((SELECT count(*) FROM offer_codes WHERE state = 'intended') + (SELECT count(*) FROM offer_credits WHERE state = 'intended')
      + (SELECT count(*) FROM loyalty_redemptions WHERE state = 'reserved') + (SELECT count(*) FROM account_invites WHERE next_step = 0 AND state = 'open')
      + (SELECT count(*) FROM segment_writes WHERE state IN ('requested', 'writing')) + (SELECT count(*) FROM loyalty_flow_events WHERE state = 'waiting')
      + (SELECT count(*) FROM loyalty_members m LEFT JOIN loyalty_member_traces t USING (shop_id, member_id)
          WHERE m.customer_id > 0 AND (m.last_sequence > coalesce(t.seen_sequence, 0) OR t.due_at <= now())))::int AS left`);
  return rows[0]?.left ?? 0;
}

function requireOk(answer: { ok: boolean }): void {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
}
