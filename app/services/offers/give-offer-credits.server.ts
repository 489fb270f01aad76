import {
  countCreditAttempt,
  failCredit,
  loadDueCredits,
  markGiven,
  noteCredit,
} from '#app/adapters/db/offers/offer-credits.repository.server.ts';
import type { DueCredit } from '#app/adapters/db/offers/offer-credits.repository.server.ts';
import { holdCredit } from '#app/adapters/db/taken-credits.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { creditStoreCredit } from '#app/adapters/shopify/store-credit.server.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { MAX_ATTEMPTS, shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { findOwnCredit, ON_ITS_WAY_MS } from '#app/services/loyalty/find-own-credit.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type CreditContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'admin' | 'now'>;

const CREDITS_A_TURN = 20;
const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;

/**
 * Gives the store credit that orders were promised, one after the other. Runs under a lock of the shop, again while work is
 * left, and after a kill at any point: each sending is on record before it goes out, and one whose outcome is unknown is
 * looked for among the account's transactions, and not sent again before that word can be believed.
 */
export async function giveOfferCredits(context: CreditContext): Promise<void> {
  const { shop, inShop, now } = context;
  const due = await inShop((db) => loadDueCredits(db, shop, now(), CREDITS_A_TURN));
  for (const credit of due) await giveOrNote(context, credit);
}

async function giveOrNote(context: CreditContext, credit: DueCredit): Promise<void> {
  const { shop, inShop, now } = context;
  const nowMs = now().getTime();
  await shopifyOr(
    () => give(context, credit),
    (error) => {
      // Half as long again as the buyer has waited by now, and not before what may be on its way has come.
      const pauseMs = Math.min(Math.max((nowMs - credit.intendedAtMs) / 2, ON_ITS_WAY_MS), LONGEST_PAUSE_MS);
      return inShop((db) => noteCredit(db, shop, { orderId: credit.orderId, error, notBefore: new Date(nowMs + pauseMs) }));
    },
  );
}

async function give(context: CreditContext, credit: DueCredit): Promise<void> {
  const { shop, inShop, now, admin } = context;
  const { orderId, customerId, isCancelled, attempts, intendedAtMs, endsAtMs, amountMinor, currency } = credit;
  const fail = (error: string): Promise<void> => inShop((db) => failCredit(db, shop, orderId, error));
  const record = (transactionGid: string): Promise<void> => recordGiven(context, credit, transactionGid);
  if (customerId === null) return fail('nobody');
  const amount = { amountMinor, currency };
  if (attempts > 0) {
    const transactionGid = await findOwnCredit(context, { customerId, amount, sinceMs: intendedAtMs });
    if (transactionGid !== null) return record(transactionGid);
    if (attempts >= MAX_ATTEMPTS) return fail('attempts');
  }
  if (isCancelled) return fail('cancelled');
  if (endsAtMs <= now().getTime()) return fail('ended');
  const notBefore = new Date(now().getTime() + ON_ITS_WAY_MS);
  if (!(await inShop((db) => countCreditAttempt(db, shop, { orderId, attempts, notBefore })))) return;
  await failpoint('credit-after-intent');
  const sent = await creditStoreCredit(admin, { customerId, amount, expiresAtMs: endsAtMs });
  await failpoint('credit-after-send');
  return sent.ok ? record(sent.value.transactionGid) : fail(`refused ${sent.codes.join(' ')}`);
}

/** Where another order, or a redemption, turned out to have this very credit, it is as if none had been found: a later turn looks again. */
async function recordGiven({ shop, inShop, pool, now }: CreditContext, { orderId }: DueCredit, transactionGid: string): Promise<void> {
  const isMine = await withTenantConnection(pool, shop, async (connection) => {
    const isFree = await holdCredit(connection, shop, transactionGid);
    if (isFree) await markGiven(connection, shop, { orderId, transactionGid, now: now() });
    return isFree;
  });
  const notBefore = new Date(now().getTime() + ON_ITS_WAY_MS);
  if (!isMine) await inShop((db) => noteCredit(db, shop, { orderId, error: 'credit-taken', notBefore }));
}
