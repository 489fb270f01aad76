import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { cancelOrder, deleteOrder, mergeCustomers } from '#test/simulator/order-changes.ts';
import { sameMoney } from '#test/simulator/state.ts';
import { lineOf, openHostileShop, plainProgram } from '#test/support/loyalty/hostile-shop.ts';
import type { HostileShop } from '#test/support/loyalty/hostile-shop.ts';
import { adjust, exclude, redeem, refund, why } from '#test/support/loyalty/merchant-deeds.ts';
import { findSlipsOfSum, STAFF, toldTexts } from '#test/support/loyalty/told-ledger.tsx';

let shop: HostileShop;
const known = new Set<number>();

beforeAll(async () => {
  shop = await openHostileShop();
  await shop.save(plainProgram, { to: 'live' });
});

afterAll(() => shop.stop());

/** Whatever was done to whom: what the page prints adds up, in both languages. */
afterEach(async () => {
  for (const customerId of known) {
    const page = await shop.pageOf(customerId);
    expect([customerId, findSlipsOfSum(page), findSlipsOfSum(page, 'zh-CN')]).toEqual([customerId, [], []]);
  }
  known.clear();
  await shop.save(plainProgram);
});

function customer(): number {
  const id = shop.newCustomer();
  known.add(id);
  return id;
}

async function told(customerId: number, language: 'en' | 'zh-CN' = 'en'): Promise<string[]> {
  return toldTexts(await shop.pageOf(customerId), language);
}

describe('a merchant who changes the rules after the order', () => {
  it('takes back by the rate that gave, and the ledger names the version', async () => {
    const id = customer();
    const v = await shop.version();
    const order = await shop.buy({ customerId: id, lines: [{ unitMinor: 10_00, quantity: 3 }, { unitMinor: 50_00 }] });
    await shop.save((program) => ({ ...program, earning: { ...program.earning, rates: [{ currency: 'EUR', points: 50, perMinor: 100 }] } }));
    await refund(shop, order, [[1, 1]]);
    const later = await shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    expect(await told(id)).toEqual([
      `Order ${order.name} earned 400 points €80.00 at 5 points for each €1.00 By version ${v} of the program = +400 → 400`,
      `Order ${order.name} is worth less now: 50 points taken back €70.00 at 5 points for each €1.00 In all it earns 350 points instead of 400. By version ${v} of the program = −50 → 350`,
      `Order ${later.name} earned 500 points €10.00 at 50 points for each €1.00 By version ${v + 1} of the program = +500 → 850`,
    ]);
    expect(await told(id, 'zh-CN')).toEqual([
      `订单 ${order.name} 赚取 400 积分 €80.00，每 €1.00 得 5 积分 按积分计划第 ${v} 版 = +400 → 400`,
      `订单 ${order.name} 的金额减少：收回 50 积分 €70.00，每 €1.00 得 5 积分 共应得 350 积分，原为 400。 按积分计划第 ${v} 版 = −50 → 350`,
      `订单 ${later.name} 赚取 500 积分 €10.00，每 €1.00 得 50 积分 按积分计划第 ${v + 1} 版 = +500 → 850`,
    ]);
  });

  it('deletes a better rate and a reward with a code out, whose names the ledger still knows', async () => {
    const id = customer();
    const v = await shop.version();
    await shop.save((program) => ({
      ...program,
      earning: { ...program.earning, multipliers: [{ id: 'double', name: '<b>Double</b> خصم', scope: { kind: 'products', productIds: [10] }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null }] },
    }));
    const order = await shop.buy({
      customerId: id,
      lines: [{ title: '<script>alert(1)</script> شاي', unitMinor: 100_00 }, { title: 'Card', unitMinor: 10_00, isGiftCard: true, productId: 77 }, { title: 'Mug', unitMinor: 10_00, productId: 78 }],
    });
    const code = await redeem(shop, id, 'amount-1000');
    await shop.save((program) => ({ ...program, earning: { ...program.earning, multipliers: [] }, rewards: program.rewards.filter((reward) => reward.id !== 'amount-1000') }));
    await refund(shop, order, [[3, 1]]);
    const second = await shop.buy({ customerId: id, lines: [{ unitMinor: 20_00, discountMinor: 10_00 }], code });
    cancelOrder(shop.shopify, shop.order(second.id), shop.now());
    await shop.settle();
    const tea = '\u2068<script>alert(1)</script> شاي\u2069: €100.00, \u2068<b>Double</b> خصم\u2069, × 2: 1,000 points Card: €10.00, gift cards earn nothing: 0 points';
    expect(await told(id)).toEqual([
      `Order ${order.name} earned 1,050 points €120.00 at 5 points for each €1.00 By version ${v + 1} of the program How it was counted ${tea} Mug: €10.00, usual rate: 50 points = +1,050 → 1,050`,
      '1,000 points put aside for €10.00 off Code GIFT-… = −1,000 reserved +1,000 → 50 1,000 reserved',
      `Order ${order.name} is worth less now: 50 points taken back €110.00 at 5 points for each €1.00 In all it earns 1,000 points instead of 1,050. By version ${v + 1} of the program How it was counted ${tea} Mug: €0.00, usual rate: 0 points = −50 → 0 1,000 reserved`,
      `1,000 points spent on €10.00 off in order ${second.name} Code GIFT-… = reserved −1,000 → 0`,
      `Order ${second.name} earned 50 points €10.00 at 5 points for each €1.00 By version ${v + 2} of the program = +50 → 50`,
      `Order ${second.name}, which used €10.00 off, no longer stands: 1,000 points came back Code GIFT-… = +1,000 → 1,050`,
      `Order ${second.name} was cancelled: 50 points taken back By version ${v + 2} of the program = −50 → 1,000`,
    ]);
    expect((await told(id, 'zh-CN'))[3]).toBe(`1,000 积分用于兑换“立减 €10.00”（订单 ${second.name}） 优惠码 GIFT-… = 预留 −1,000 → 0`);
  });

  it('deletes a tier with members in it, then counts orders instead of points', async () => {
    const id = customer();
    const v = await shop.version();
    const level = { factorBasisPoints: 10_000, entryPoints: 50, hasFreeShipping: false, tag: null };
    const levels = [{ ...level, id: 'bronze', name: 'Bronze', threshold: 0, entryPoints: null }, { ...level, id: 'silver', name: 'Silver', threshold: 1_000, factorBasisPoints: 12_500 }, { ...level, id: 'gold', name: 'Gold', threshold: 2_000, factorBasisPoints: 15_000 }];
    await shop.save((program) => ({ ...program, tiers: { basis: 'points', window: 'lifetime', graceDays: 30, levels } }));
    const first = await shop.buy({ customerId: id, lines: [{ unitMinor: 250_00 }] });
    await shop.save((program) => ({ ...program, tiers: { basis: 'points', window: 'lifetime', graceDays: 30, levels: levels.filter((one) => one.id !== 'silver') } }));
    const second = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    const byOrders = levels.filter((one) => one.id !== 'silver').map((one, index) => ({ ...one, threshold: 2 * index }));
    await shop.save((program) => ({ ...program, tiers: { basis: 'orders', window: 'lifetime', graceDays: 30, levels: byOrders } }));
    const third = await shop.buy({ customerId: id, lines: [{ title: 'Tea', unitMinor: 100_00 }] });
    expect(await told(id)).toEqual([
      `Order ${first.name} earned 1,250 points €250.00 at 5 points for each €1.00 By version ${v + 1} of the program = +1,250 → 1,250`,
      `Reached Silver: 50 points By version ${v + 1} of the program = +50 → 1,300`,
      `Order ${second.name} earned 500 points €100.00 at 5 points for each €1.00 By version ${v + 2} of the program = +500 → 1,800`,
      `Reached Gold: 50 points By version ${v + 3} of the program = +50 → 1,850`,
      `Order ${third.name} earned 750 points €100.00 at 5 points for each €1.00 By version ${v + 3} of the program How it was counted Tea: €100.00, tier Gold, × 1.5: 750 points = +750 → 2,600`,
    ]);
    expect(await told(id, 'zh-CN')).toContain(`升至 Gold：50 积分 按积分计划第 ${v + 3} 版 = +50 → 1,850`);
  });

  it('pauses and goes on: what was placed meanwhile earns nothing, whenever it is told of again', async () => {
    const id = customer();
    const v = await shop.version();
    const before = await shop.buy({ customerId: id, lines: [{ unitMinor: 20_00 }] });
    await shop.save((program) => program, { to: 'paused' });
    const meanwhile = await shop.buy({ customerId: id, lines: [{ unitMinor: 30_00 }] });
    await refund(shop, before, [], 5_00);
    await shop.save((program) => program, { to: 'live' });
    await shop.change(meanwhile, () => ({ tags: ['seen'] }));
    expect(await told(id)).toEqual([
      `Order ${before.name} earned 100 points €20.00 at 5 points for each €1.00 By version ${v} of the program = +100 → 100`,
      `Order ${before.name} is worth less now: 25 points taken back €15.00 at 5 points for each €1.00 In all it earns 75 points instead of 100. By version ${v} of the program = −25 → 75`,
    ]);
    expect(await why(shop, id, meanwhile)).toContain(`Order ${meanwhile.name} gives nothing. The program was paused or off when it was placed.`);
  });
});

describe('money', () => {
  it('of other currencies is told as it was counted, and stops when the merchant says so', async () => {
    const id = customer();
    const v = await shop.version();
    const dollars = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }], currency: 'USD', rate: 0.9 });
    await shop.save((program) => ({ ...program, earning: { ...program.earning, rates: [...program.earning.rates, { currency: 'JPY', points: 3, perMinor: 100 }] } }));
    const yen = await shop.buy({ customerId: id, lines: [{ unitMinor: 10_000, quantity: 2 }], currency: 'JPY', rate: 0.6 });
    await shop.save((program) => ({ ...program, earning: { ...program.earning, rates: program.earning.rates.slice(0, 1), otherCurrencies: 'nothing' } }));
    const refused = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }], currency: 'USD', rate: 0.9 });
    await refund(shop, yen, [[1, 1]]);
    await refund(shop, dollars, [], 45_00);
    expect(await told(id)).toEqual([
      `Order ${dollars.name} earned 450 points €90.00 at 5 points for each €1.00 By version ${v} of the program = +450 → 450`,
      `Order ${yen.name} earned 600 points ¥20,000 at 3 points for each ¥100 By version ${v + 1} of the program = +600 → 1,050`,
      `Order ${yen.name} is worth less now: 300 points taken back ¥10,000 at 3 points for each ¥100 In all it earns 300 points instead of 600. By version ${v + 1} of the program = −300 → 750`,
      `Order ${dollars.name} is worth less now: 225 points taken back €45.00 at 5 points for each €1.00 In all it earns 225 points instead of 450. By version ${v} of the program = −225 → 525`,
    ]);
    expect(await why(shop, id, refused)).toContain(`Order ${refused.name} gives nothing. The program has no rate for its currency.`);
  });

  it('that is none, a test, a gift card or a tip earns nothing, and a fortune stops nobody else', async () => {
    const id = customer();
    const v = await shop.version();
    const first = await shop.buy({ customerId: id, lines: [{ unitMinor: 10 }], tipMinor: 90_00 });
    const test = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }], isTest: true });
    const free = await shop.buy({ customerId: id, lines: [{ unitMinor: 0 }] });
    const card = await shop.buy({ customerId: id, lines: [{ unitMinor: 50_00, isGiftCard: true }] });
    const fortunes = [];
    for (let bought = 0; bought < 6; bought += 1) fortunes.push(await shop.buy({ customerId: id, lines: [{ unitMinor: 90_000_000_00 }] }));
    const other = customer();
    await shop.buy({ customerId: other, lines: [{ unitMinor: 1_00 }] });
    expect(await told(id)).toEqual([
      `Order ${first.name} earned 1 point €0.10 at 5 points for each €1.00 By version ${v} of the program = +1 → 1`,
      `Order ${fortunes[0]?.name} earned 450,000,000 points €90,000,000.00 at 5 points for each €1.00 By version ${v} of the program = +450,000,000 → 450,000,001`,
      `Order ${fortunes[1]?.name} earned 450,000,000 points €90,000,000.00 at 5 points for each €1.00 By version ${v} of the program = +450,000,000 → 900,000,001`,
      `Order ${fortunes[2]?.name} earned 99,999,999 points €90,000,000.00 at 5 points for each €1.00 A member holds at most 1,000,000,000 points; the rest of this order is given once there is room. By version ${v} of the program = +99,999,999 → 1,000,000,000`,
    ]);
    expect(await told(other)).toHaveLength(1);
    expect(await why(shop, id, test)).toContain('It is a test, was deleted, or is in a state that does not count.');
    expect(await why(shop, id, free)).toContain('Nothing of it is left to earn from: goods after discounts and refunds come to 0.');
    expect(await why(shop, id, card)).toContain('gift cards earn nothing: 0 points');
  });

  it('in a shop that changes its own currency is counted by the currency of each order', async () => {
    const id = customer();
    const v = await shop.version();
    const euros = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    const { shop: facts } = shop.shopify;
    shop.shopify.save('shop', { ...facts, currency: 'USD' });
    shop.shopify.emit('shop/update', {});
    await shop.settle();
    const dollars = await shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    expect(await why(shop, id, dollars)).toContain('The program has no rate for its currency.');
    await shop.save((program) => ({ ...program, earning: { ...program.earning, rates: [...program.earning.rates, { currency: 'USD', points: 4, perMinor: 100 }] } }));
    await refund(shop, euros, [], 20_00);
    const later = await shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    expect(await told(id)).toEqual([
      `Order ${euros.name} earned 500 points €100.00 at 5 points for each €1.00 By version ${v} of the program = +500 → 500`,
      `Order ${euros.name} is worth less now: 100 points taken back €80.00 at 5 points for each €1.00 In all it earns 400 points instead of 500. By version ${v} of the program = −100 → 400`,
      `Order ${later.name} earned 40 points $10.00 at 4 points for each $1.00 By version ${v + 1} of the program = +40 → 440`,
    ]);
    shop.shopify.save('shop', facts);
    shop.shopify.emit('shop/update', {});
    await shop.settle();
  });
});

describe('people', () => {
  it('who are merged keep what they had and owed, and refunds of either find it', async () => {
    const [gone, stays] = [customer(), customer()];
    const v = await shop.version();
    const theirs = await shop.buy({ customerId: gone, lines: [{ unitMinor: 100_00 }, { unitMinor: 100_00 }] });
    const own = await shop.buy({ customerId: stays, lines: [{ unitMinor: 100_00 }] });
    await adjust(shop, gone, { points: -1_100, note: 'Resold \u202Ethe goods مرتين' });
    const goneMember = await shop.memberIdOf(gone);
    expect(await told(gone)).toEqual([
      `Order ${theirs.name} earned 1,000 points €200.00 at 5 points for each €1.00 By version ${v} of the program = +1,000 → 1,000`,
      '1,100 points taken by hand Not all were left to take: the member owes 100 points for it. “\u2068Resold the goods مرتين\u2069” by you = −1,100 → −100',
    ]);
    mergeCustomers(shop.shopify, stays, gone, shop.now());
    await shop.settle();
    known.delete(gone);
    await refund(shop, theirs, [[1, 1]]);
    await shop.change(shop.order(theirs.id), (order) => ({ edited: true, lines: [...order.lines, lineOf({ unitMinor: 50_00 }, order.id + 50)], received: sameMoney(250_00, 'EUR') }));
    expect(await told(stays)).toEqual([
      `Order ${own.name} earned 500 points €100.00 at 5 points for each €1.00 By version ${v} of the program = +500 → 500`,
      'Merged with another customer, who owed 100 points See the ledger of the other = −100 → 400',
      `Order ${theirs.name} is worth less now: 500 points taken back €100.00 at 5 points for each €1.00 In all it earns 500 points instead of 1,000. Not all were left to take: the member owes 100 points for it. By version ${v} of the program = −500 → −100`,
      `Order ${theirs.name} is worth more now: 250 points more €150.00 at 5 points for each €1.00 In all it earns 750 points instead of 500. 100 points of them paid what was owed. By version ${v} of the program = +250 → 150`,
    ]);
    const { getMember } = await import('#app/services/loyalty/get-member.server.ts');
    const page = await getMember(shop.context, { memberId: goneMember, before: null });
    if (page === null) throw new Error('no page');
    expect(findSlipsOfSum(page)).toEqual([]);
    expect(toldTexts(page).at(-1)).toBe('Merged into another customer, who owes the 100 points now See the ledger of the other = +100 → 0');
    expect(toldTexts(page, 'zh-CN').at(-1)).toBe('并入另一位客户：所欠的 100 积分由其承担 查看另一方的流水 = +100 → 0');
  });

  it('who are merged do not get the points of a tier twice, however many steps it took', async () => {
    const level = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
    await shop.save((program) => ({
      ...program,
      tiers: { basis: 'points', window: 'lifetime', graceDays: 30, levels: [{ ...level, id: 'first', name: 'First', threshold: 0 }, { ...level, id: 'second', name: 'Second', threshold: 300, entryPoints: 50 }] },
    }));
    const [one, two, three] = [customer(), customer(), customer()];
    await shop.buy({ customerId: one, lines: [{ unitMinor: 100_00 }] });
    await shop.buy({ customerId: two, lines: [{ unitMinor: 1_00 }] });
    await shop.buy({ customerId: three, lines: [{ unitMinor: 2_00 }] });
    for (const [kept, gone] of [[two, one], [three, two]] as const) {
      mergeCustomers(shop.shopify, kept, gone, shop.now());
      await shop.settle();
      known.delete(gone);
    }
    expect((await told(three)).slice(1)).toEqual(['Merged with another customer: 555 points came along See the ledger of the other = +555 → 565']);
    expect((await shop.pageOf(three)).tier).toBe('Second');
  });

  it('who are excluded with points pending keep these, and earn nothing for what they order meanwhile, ever', async () => {
    await shop.save((program) => ({ ...program, earning: { ...program.earning, pendingDays: 14, firstOrderPoints: 20 } }));
    const id = customer();
    const v = await shop.version();
    const before = await shop.buy({ customerId: id, lines: [{ unitMinor: 20_00, quantity: 5 }] });
    await exclude(shop, id, true);
    const meanwhile = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    await refund(shop, before, [[1, 2]]);
    await exclude(shop, id, false);
    await shop.change(meanwhile, () => ({ tags: ['seen'] }));
    await shop.passDays(16);
    expect(await told(id)).toEqual([
      `Order ${before.name} earned 500 points €100.00 at 5 points for each €1.00 Pending until … By version ${v} of the program = pending +500 → 0 500 pending`,
      `First order ${before.name}: 20 points extra Pending until … By version ${v} of the program = pending +20 → 0 520 pending`,
      `Order ${before.name} is worth less now: 200 points taken back €60.00 at 5 points for each €1.00 In all it earns 300 points instead of 500. By version ${v} of the program = pending −200 → 0 320 pending`,
      `The return window of ${before.name} is over: 320 points can be spent = +320 pending −320 → 320`,
    ]);
    const page = await why(shop, id, meanwhile);
    expect(page).toContain(`Order ${meanwhile.name} gives nothing: the customer was excluded when it was placed. It would have earned 500 points.`);
    expect(page).toContain('Included again on …, by you. Excluded on …, by you.');
    expect(await told(id, 'zh-CN')).toContain(`订单 ${before.name} 的退货期结束：320 积分可以使用 = +320 待生效 −320 → 320`);
  });

  it('whose first order is deleted while they are excluded lose what came with it', async () => {
    await shop.save((program) => ({ ...program, earning: { ...program.earning, firstOrderPoints: 20 } }));
    const id = customer();
    const v = await shop.version();
    const order = await shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    await exclude(shop, id, true);
    deleteOrder(shop.shopify, shop.order(order.id), shop.now());
    await shop.settle();
    expect((await told(id)).slice(2)).toEqual([
      `Order ${order.name} no longer earns: 50 points taken back It is a test, was deleted, or is in a state that does not count. By version ${v} of the program = −50 → 20`,
      `First order ${order.name} no longer stands: 20 points taken back By version ${v} of the program = −20 → 0`,
    ]);
  });
});

describe('an import', () => {
  it('that is sent twice counts once, and a corrected file is another, whose lines say so', async () => {
    const id = customer();
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const send = (fileName: string, text: string) =>
      importPoints(shop.context, { fileHash: fileName.padEnd(64, '0'), fileName, header: 'customer_id,points,reason', text, firstLine: 2, isDryRun: false }, STAFF);
    await send('smile.csv', `${id},700,\n${id},-50,Spent <i>before</i>\n`);
    expect(await send('smile.csv', `${id},700,\n${id},-50,Spent <i>before</i>\n`)).toMatchObject({ count: { knownLines: 2, addedPoints: 0, takenPoints: 0 } });
    await send('smile-corrected.csv', `${id},-650,Wrong file\n${id},70,\n`);
    await shop.settle();
    expect(await told(id)).toEqual([
      '700 points imported from another program Line 2 of the file “smile.csv” by you = +700 → 700',
      '50 points taken by the import from another program Line 3 of the file “Spent <i>before</i>” by you = −50 → 650',
      '650 points taken by the import from another program Line 2 of the file “Wrong file” by you = −650 → 0',
      '70 points imported from another program Line 3 of the file “smile-corrected.csv” by you = +70 → 70',
    ]);
    expect((await told(id, 'zh-CN'))[1]).toBe('从其他积分系统导入：扣除 50 积分 文件第 3 行 “Spent <i>before</i>” 由您操作 = −50 → 650');
  });
});

describe('refunds', () => {
  it('in three parts and an odd order take back what was given, no more', async () => {
    const id = customer();
    const v = await shop.version();
    const order = await shop.buy({ customerId: id, lines: [{ unitMinor: 33_33, quantity: 3 }, { unitMinor: 10_01 }], tipMinor: 5_00 });
    await refund(shop, order, [[1, 1]], 7);
    await refund(shop, order, [[2, 1]]);
    await refund(shop, order, [[1, 2]]);
    expect(await told(id)).toEqual([
      `Order ${order.name} earned 550 points €110.00 at 5 points for each €1.00 By version ${v} of the program = +550 → 550`,
      `Order ${order.name} is worth less now: 167 points taken back €76.60 at 5 points for each €1.00 In all it earns 383 points instead of 550. By version ${v} of the program = −167 → 383`,
      `Order ${order.name} is worth less now: 50 points taken back €66.59 at 5 points for each €1.00 In all it earns 333 points instead of 383. By version ${v} of the program = −50 → 333`,
      `Order ${order.name} no longer earns: 333 points taken back Nothing of it is left to earn from: goods after discounts and refunds come to 0. By version ${v} of the program = −333 → 0`,
    ]);
  });

  it('after the points were spent leave a debt, which what comes back and what is earned pays', async () => {
    const id = customer();
    const v = await shop.version();
    const order = await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    const code = await redeem(shop, id, 'amount-500');
    const second = await shop.buy({ customerId: id, lines: [{ unitMinor: 20_00, discountMinor: 5_00 }], code });
    await refund(shop, order, [[1, 1]]);
    await refund(shop, second, [], 7_50);
    const third = await shop.buy({ customerId: id, lines: [{ unitMinor: 50_00 }] });
    expect(await told(id)).toEqual([
      `Order ${order.name} earned 500 points €100.00 at 5 points for each €1.00 By version ${v} of the program = +500 → 500`,
      '500 points put aside for €5.00 off Code GIFT-… = −500 reserved +500 → 0 500 reserved',
      `500 points spent on €5.00 off in order ${second.name} Code GIFT-… = reserved −500 → 0`,
      `Order ${second.name} earned 75 points €15.00 at 5 points for each €1.00 By version ${v} of the program = +75 → 75`,
      `Order ${order.name} was refunded: 500 points taken back Not all were left to take: the member owes 425 points for it. By version ${v} of the program = −500 → −425`,
      `Order ${second.name}, which used €5.00 off, was refunded: 250 points came back 250 points of them paid what was owed. Code GIFT-… = +250 → −175`,
      `Order ${second.name} is worth less now: 37 points taken back €7.50 at 5 points for each €1.00 In all it earns 38 points instead of 75. None were left to take: the member owes 37 points for it. By version ${v} of the program = −37 → −212`,
      `Order ${third.name} earned 250 points €50.00 at 5 points for each €1.00 212 points of them paid what was owed. By version ${v} of the program = +250 → 38`,
    ]);
    expect((await told(id, 'zh-CN')).slice(4, 7)).toEqual([
      `订单 ${order.name} 已退款：收回 500 积分 可收回的积分不足：因此欠 425 积分。 按积分计划第 ${v} 版 = −500 → −425`,
      `使用“立减 €5.00”的订单 ${second.name} 已退款：退回 250 积分 其中 250 积分抵了所欠的积分。 优惠码 GIFT-… = +250 → −175`,
      `订单 ${second.name} 的金额减少：收回 37 积分 €7.50，每 €1.00 得 5 积分 共应得 38 积分，原为 75。 已没有可收回的积分：因此欠 37 积分。 按积分计划第 ${v} 版 = −37 → −212`,
    ]);
  });

  it('give a code that nobody used in time back, in words that say so', async () => {
    const id = customer();
    await shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    await redeem(shop, id, 'amount-500');
    await shop.passDays(32);
    for (let turn = 0; turn < 3; turn += 1) await shop.passDays(1);
    expect((await told(id)).at(-1)).toBe('€5.00 off was not used in time: 500 points came back Code GIFT-… = +500 reserved −500 → 500');
    expect((await told(id, 'zh-CN')).at(-1)).toBe('“立减 €5.00”未在期限内使用：退回 500 积分 优惠码 GIFT-… = +500 预留 −500 → 500');
  });
});
