import { describe, expect, it } from 'vitest';

import { changeCustomer } from '#test/simulator/customer-changes.ts';
import { deleteOrder, mergeCustomers } from '#test/simulator/order-changes.ts';
import { changeCustomerAccounts } from '#test/simulator/shop-changes.ts';
import { sameMoney } from '#test/simulator/state.ts';
import { useHostileScene } from '#test/support/loyalty/hostile-scene.ts';
import { lineOf } from '#test/support/loyalty/hostile-shop.ts';
import { adjust, exclude, redeem, refund, why } from '#test/support/loyalty/merchant-deeds.ts';
import { askingStaff } from '#test/support/asking-staff.ts';
import { findSlipsOfSum, STAFF, toldTexts } from '#test/support/loyalty/told-ledger.tsx';

const scene = useHostileScene();
const { customer, forget, told } = scene;

describe('people', () => {
  it('who are merged keep what they had and owed, and refunds of either find it', async () => {
    const [gone, stays] = [customer(), customer()];
    const v = await scene.shop.version();
    const theirs = await scene.shop.buy({ customerId: gone, lines: [{ unitMinor: 100_00 }, { unitMinor: 100_00 }] });
    const own = await scene.shop.buy({ customerId: stays, lines: [{ unitMinor: 100_00 }] });
    await adjust(scene.shop, gone, { points: -1_100, note: 'Resold \u202Ethe goods مرتين' });
    const goneMember = await scene.shop.memberIdOf(gone);
    expect(await told(gone)).toEqual([
      `Order ${theirs.name} earned 1,000 points €200.00 at 5 points for each €1.00 By version ${v} of the program = +1,000 → 1,000`,
      '1,100 points taken by hand Not all were left to take: the member owes 100 points for it. “\u2068Resold the goods مرتين\u2069” by you = −1,100 → −100',
    ]);
    mergeCustomers(scene.shop.shopify, stays, gone, scene.shop.now());
    await scene.shop.settle();
    forget(gone);
    await refund(scene.shop, theirs, [[1, 1]]);
    await scene.shop.change(scene.shop.order(theirs.id), (order) => ({ edited: true, lines: [...order.lines, lineOf({ unitMinor: 50_00 }, order.id + 50)], received: sameMoney(250_00, 'EUR') }));
    expect(await told(stays)).toEqual([
      `Order ${own.name} earned 500 points €100.00 at 5 points for each €1.00 By version ${v} of the program = +500 → 500`,
      'Merged with another customer, who owed 100 points See the ledger of the other = −100 → 400',
      `Order ${theirs.name} is worth less now: 500 points taken back €100.00 at 5 points for each €1.00 In all it earns 500 points instead of 1,000. Not all were left to take: the member owes 100 points for it. By version ${v} of the program = −500 → −100`,
      `Order ${theirs.name} is worth more now: 250 points more €150.00 at 5 points for each €1.00 In all it earns 750 points instead of 500. 100 points of them paid what was owed. By version ${v} of the program = +250 → 150`,
    ]);
    const { getMember } = await import('#app/services/loyalty/get-member.server.ts');
    const page = await getMember(scene.shop.context, { memberId: goneMember, before: null });
    if (page === null) throw new Error('no page');
    expect(findSlipsOfSum(page)).toEqual([]);
    expect(toldTexts(page).at(-1)).toBe('Merged into another customer, who owes the 100 points now See the ledger of the other = +100 → 0');
    expect(toldTexts(page, 'zh-CN').at(-1)).toBe('并入另一位客户：所欠的 100 积分由其承担 查看另一方的流水 = +100 → 0');
  });

  it('who are merged get what a file has under their former number, and nothing of it twice', async () => {
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const [gone, stays, forgotten] = [customer(), customer(), customer()];
    const send = async (fileName: string, text: string, isDryRun = false) => {
      const piece = { fileHash: fileName.padEnd(64, '0'), fileName, header: 'customer_id,points', text, firstLine: 2, isDryRun, takesRepeated: false };
      const answer = await importPoints(scene.shop.context, piece, askingStaff(STAFF));
      if (answer.outcome === 'refused') throw new Error(answer.reason);
      return answer.count;
    };
    for (const id of [gone, stays]) await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    await send('first.csv', `${gone},100\n${stays},10\n`);
    mergeCustomers(scene.shop.shopify, stays, gone, scene.shop.now());
    mergeCustomers(scene.shop.shopify, stays, forgotten, scene.shop.now());
    await scene.shop.settle();
    for (const id of [gone, forgotten]) forget(id);
    expect(await send('first.csv', `${gone},100\n${stays},10\n`)).toMatchObject({ knownLines: 2, unknownLines: 0, addedPoints: 0 });
    const second = `${gone},100\n${stays},10\n${gone},7\n${forgotten},5\n`;
    const counted = { knownLines: 0, unknownLines: 0, repeatedLines: 2, repeatedAddedPoints: 110, addedPoints: 12 };
    expect(await send('second.csv', second, true)).toMatchObject(counted);
    expect(await send('second.csv', second)).toMatchObject(counted);
    expect(await send('second.csv', second)).toMatchObject({ knownLines: 2, repeatedLines: 2, addedPoints: 0 });
    expect((await told(stays)).slice(-3)).toEqual([
      'Merged with another customer: 150 points came along See the ledger of the other = +150 → 210',
      '7 points imported from another program Line 4 of the file “second.csv” by you = +7 → 217',
      '5 points imported from another program Line 5 of the file “second.csv” by you = +5 → 222',
    ]);
  });

  it('who activate their account are welcomed once, however often and late webhooks say so', async () => {
    const { shopify } = scene.shop;
    const setAccounts = async (customerAccounts: 'CLASSIC' | 'NEW_CUSTOMER_ACCOUNTS') => {
      changeCustomerAccounts(shopify, customerAccounts);
      await scene.shop.settle();
    };
    await setAccounts('CLASSIC');
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, welcomePoints: 100 } }));
    const anna = customer();
    const asShopify = () => {
      const record = shopify.customers.get(anna);
      if (record === undefined) throw new Error('no customer');
      return record;
    };
    changeCustomer(shopify, asShopify(), { state: 'DISABLED' }, scene.shop.now());
    await scene.shop.settle();
    const v = await scene.shop.version();
    const order = await scene.shop.buy({ customerId: anna, lines: [{ unitMinor: 10_00 }] });
    const earned = `Order ${order.name} earned 50 points €10.00 at 5 points for each €1.00 By version ${v} of the program = +50 → 50`;
    expect(await told(anna)).toEqual([earned]);
    const before = asShopify();
    const activated = changeCustomer(shopify, before, { state: 'ENABLED' }, scene.shop.now());
    for (const late of [activated, before, activated]) shopify.emit('customers/update', late);
    await scene.shop.settle();
    shopify.emit('customers/update', activated);
    await scene.shop.buy({ customerId: anna, lines: [{ unitMinor: 1_00 }] });
    expect((await told(anna)).slice(0, 2)).toEqual([earned, `Welcome: 100 points By version ${v} of the program = +100 → 150`]);
    expect(await told(anna)).toHaveLength(3);
    await setAccounts('NEW_CUSTOMER_ACCOUNTS');
  });

  it('who are merged do not get the points of a tier twice, however many steps it took', async () => {
    const level = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
    await scene.shop.save((program) => ({
      ...program,
      tiers: { basis: 'points', window: 'lifetime', graceDays: 30, levels: [{ ...level, id: 'first', name: 'First', threshold: 0 }, { ...level, id: 'second', name: 'Second', threshold: 300, entryPoints: 50 }] },
    }));
    const [one, two, three] = [customer(), customer(), customer()];
    await scene.shop.buy({ customerId: one, lines: [{ unitMinor: 100_00 }] });
    await scene.shop.buy({ customerId: two, lines: [{ unitMinor: 1_00 }] });
    await scene.shop.buy({ customerId: three, lines: [{ unitMinor: 2_00 }] });
    for (const [kept, gone] of [[two, one], [three, two]] as const) {
      mergeCustomers(scene.shop.shopify, kept, gone, scene.shop.now());
      await scene.shop.settle();
      forget(gone);
    }
    expect((await told(three)).slice(1)).toEqual(['Merged with another customer: 555 points came along See the ledger of the other = +555 → 565']);
    expect((await scene.shop.pageOf(three)).tier).toBe('Second');
  });

  it('who are excluded with points pending keep these, and earn nothing for what they order meanwhile, ever', async () => {
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, pendingDays: 14, firstOrderPoints: 20 } }));
    const id = customer();
    const v = await scene.shop.version();
    const before = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 20_00, quantity: 5 }] });
    await exclude(scene.shop, id, true);
    const meanwhile = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    await refund(scene.shop, before, [[1, 2]]);
    await exclude(scene.shop, id, false);
    await scene.shop.change(meanwhile, () => ({ tags: ['seen'] }));
    await scene.shop.passDays(16);
    expect(await told(id)).toEqual([
      `Order ${before.name} earned 500 points €100.00 at 5 points for each €1.00 Pending until … By version ${v} of the program = pending +500 → 0 500 pending`,
      `First order ${before.name}: 20 points extra Pending until … By version ${v} of the program = pending +20 → 0 520 pending`,
      `Order ${before.name} is worth less now: 200 points taken back €60.00 at 5 points for each €1.00 In all it earns 300 points instead of 500. By version ${v} of the program = pending −200 → 0 320 pending`,
      `The return window of ${before.name} is over: 320 points can be spent = +320 pending −320 → 320`,
    ]);
    const page = await why(scene.shop, id, meanwhile);
    expect(page).toContain(`Order ${meanwhile.name} gives nothing: the customer was excluded when it was placed. It would have earned 500 points.`);
    expect(page).toContain('Included again on …, by you. Excluded on …, by you.');
    expect(await told(id, 'zh-CN')).toContain(`订单 ${before.name} 的退货期结束：320 积分可以使用 = +320 待生效 −320 → 320`);
  });

  it('whose first order is deleted while they are excluded lose what came with it', async () => {
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, firstOrderPoints: 20 } }));
    const id = customer();
    const v = await scene.shop.version();
    const order = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    await exclude(scene.shop, id, true);
    deleteOrder(scene.shop.shopify, scene.shop.order(order.id), scene.shop.now());
    await scene.shop.settle();
    expect((await told(id)).slice(2)).toEqual([
      `Order ${order.name} no longer earns: 50 points taken back It is a test, was deleted, or is in a state that does not count. By version ${v} of the program = −50 → 20`,
      `First order ${order.name} no longer stands: 20 points taken back By version ${v} of the program = −20 → 0`,
    ]);
  });
});

describe('refunds', () => {
  it('in three parts and an odd order take back what was given, no more', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const order = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 33_33, quantity: 3 }, { unitMinor: 10_01 }], tipMinor: 5_00 });
    await refund(scene.shop, order, [[1, 1]], 7);
    await refund(scene.shop, order, [[2, 1]]);
    await refund(scene.shop, order, [[1, 2]]);
    expect(await told(id)).toEqual([
      `Order ${order.name} earned 550 points €110.00 at 5 points for each €1.00 By version ${v} of the program = +550 → 550`,
      `Order ${order.name} is worth less now: 167 points taken back €76.60 at 5 points for each €1.00 In all it earns 383 points instead of 550. By version ${v} of the program = −167 → 383`,
      `Order ${order.name} is worth less now: 50 points taken back €66.59 at 5 points for each €1.00 In all it earns 333 points instead of 383. By version ${v} of the program = −50 → 333`,
      `Order ${order.name} no longer earns: 333 points taken back Nothing of it is left to earn from: goods after discounts and refunds come to 0. By version ${v} of the program = −333 → 0`,
    ]);
  });

  it('after the points were spent leave a debt, which what comes back and what is earned pays', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const order = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    const code = await redeem(scene.shop, id, 'amount-500');
    const second = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 20_00, discountMinor: 5_00 }], code });
    await refund(scene.shop, order, [[1, 1]]);
    await refund(scene.shop, second, [], 7_50);
    const third = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 50_00 }] });
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

  it('below the least for a bonus take that back too, and the ledger says which', async () => {
    const id = customer();
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, thresholdBonuses: [{ id: 'large', currency: 'EUR', minimumMinor: 50_00, points: 30 }] } }));
    const v = await scene.shop.version();
    const order = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 33_33 }, { title: 'Mug', unitMinor: 16_67 }] });
    await refund(scene.shop, order, [], 1);
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, thresholdBonuses: [] } }));
    expect((await told(id))[1]).toBe(
      `Order ${order.name} is worth less now: 30 points taken back €49.99 at 5 points for each €1.00 In all it earns 250 points instead of 280. By version ${v} of the program How it was counted Tea: €33.32, usual rate: 167 points Mug: €16.67, usual rate: 83 points Rounded once, for all lines together No bonus: that is for orders from €50.00 = −30 → 250`,
    );
  });

  it('give a code that nobody used in time back, in words that say so', async () => {
    const id = customer();
    await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    await redeem(scene.shop, id, 'amount-500');
    await scene.shop.passDays(32);
    for (let turn = 0; turn < 3; turn += 1) await scene.shop.passDays(1);
    expect((await told(id)).at(-1)).toBe('€5.00 off was not used in time: 500 points came back Code GIFT-… = +500 reserved −500 → 500');
    expect((await told(id, 'zh-CN')).at(-1)).toBe('“立减 €5.00”未在期限内使用：退回 500 积分 优惠码 GIFT-… = +500 预留 −500 → 500');
  });
});
