import { describe, expect, it } from 'vitest';

import { cancelOrder } from '#test/simulator/order-changes.ts';
import { useHostileScene } from '#test/support/loyalty/hostile-scene.ts';
import { redeem, refund, why } from '#test/support/loyalty/merchant-deeds.ts';
import { STAFF } from '#test/support/loyalty/told-ledger.tsx';
import { askingStaff } from '#test/support/asking-staff.ts';

const scene = useHostileScene();
const { customer, told } = scene;

describe('a merchant who changes the rules after the order', () => {
  it('takes back by the rate that gave, and the ledger names the version', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const order = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_00, quantity: 3 }, { unitMinor: 50_00 }] });
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, rates: [{ currency: 'EUR', points: 50, perMinor: 100 }] } }));
    await refund(scene.shop, order, [[1, 1]]);
    const later = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
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
    const v = await scene.shop.version();
    await scene.shop.save((program) => ({
      ...program,
      earning: { ...program.earning, multipliers: [{ id: 'double', name: '<b>Double</b> خصم', scope: { kind: 'products', productIds: [10] }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null }] },
    }));
    const order = await scene.shop.buy({
      customerId: id,
      lines: [{ title: '<script>alert(1)</script> شاي', unitMinor: 100_00 }, { title: 'Card', unitMinor: 10_00, isGiftCard: true, productId: 77 }, { title: 'Mug', unitMinor: 10_00, productId: 78 }],
    });
    const code = await redeem(scene.shop, id, 'amount-1000');
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, multipliers: [] }, rewards: program.rewards.filter((reward) => reward.id !== 'amount-1000') }));
    await refund(scene.shop, order, [[3, 1]]);
    const second = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 20_00, discountMinor: 10_00 }], code });
    cancelOrder(scene.shop.shopify, scene.shop.order(second.id), scene.shop.now());
    await scene.shop.settle();
    const rounded = 'Rounded once, for all lines together';
    const tea = '\u2068<script>alert(1)</script> شاي\u2069: €100.00, \u2068<b>Double</b> خصم\u2069, × 2: 1,000 points Card: €10.00, gift cards earn nothing: 0 points';
    expect(await told(id)).toEqual([
      `Order ${order.name} earned 1,050 points €120.00 at 5 points for each €1.00 By version ${v + 1} of the program How it was counted ${tea} Mug: €10.00, usual rate: 50 points ${rounded} = +1,050 → 1,050`,
      '1,000 points put aside for €10.00 off Code GIFT-… = −1,000 reserved +1,000 → 50 1,000 reserved',
      `Order ${order.name} is worth less now: 50 points taken back €110.00 at 5 points for each €1.00 In all it earns 1,000 points instead of 1,050. By version ${v + 1} of the program How it was counted ${tea} Mug: €0.00, usual rate: 0 points ${rounded} = −50 → 0 1,000 reserved`,
      `1,000 points spent on €10.00 off in order ${second.name} Code GIFT-… = reserved −1,000 → 0`,
      `Order ${second.name} earned 50 points €10.00 at 5 points for each €1.00 By version ${v + 2} of the program = +50 → 50`,
      `Order ${second.name}, which used €10.00 off, no longer stands: 1,000 points came back Code GIFT-… = +1,000 → 1,050`,
      `Order ${second.name} was cancelled: 50 points taken back By version ${v + 2} of the program = −50 → 1,000`,
    ]);
    expect((await told(id, 'zh-CN'))[3]).toBe(`1,000 积分用于兑换“立减 €10.00”（订单 ${second.name}） 优惠码 GIFT-… = 预留 −1,000 → 0`);
  });

  it('deletes a tier with members in it, then counts orders instead of points', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const level = { factorBasisPoints: 10_000, entryPoints: 50, hasFreeShipping: false, tag: null };
    const levels = [{ ...level, id: 'bronze', name: 'Bronze', threshold: 0, entryPoints: null }, { ...level, id: 'silver', name: 'Silver', threshold: 1_000, factorBasisPoints: 12_500 }, { ...level, id: 'gold', name: 'Gold', threshold: 2_000, factorBasisPoints: 15_000 }];
    await scene.shop.save((program) => ({ ...program, tiers: { basis: 'points', window: 'lifetime', graceDays: 30, levels } }));
    const first = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 250_00 }] });
    await scene.shop.save((program) => ({ ...program, tiers: { basis: 'points', window: 'lifetime', graceDays: 30, levels: levels.filter((one) => one.id !== 'silver') } }));
    const second = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    const byOrders = levels.filter((one) => one.id !== 'silver').map((one, index) => ({ ...one, threshold: 2 * index }));
    await scene.shop.save((program) => ({ ...program, tiers: { basis: 'orders', window: 'lifetime', graceDays: 30, levels: byOrders } }));
    const third = await scene.shop.buy({ customerId: id, lines: [{ title: 'Tea', unitMinor: 100_00 }] });
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
    const v = await scene.shop.version();
    const before = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 20_00 }] });
    await scene.shop.save((program) => program, { to: 'paused' });
    const meanwhile = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 30_00 }] });
    await refund(scene.shop, before, [], 5_00);
    await scene.shop.save((program) => program, { to: 'live' });
    await scene.shop.change(meanwhile, () => ({ tags: ['seen'] }));
    expect(await told(id)).toEqual([
      `Order ${before.name} earned 100 points €20.00 at 5 points for each €1.00 By version ${v} of the program = +100 → 100`,
      `Order ${before.name} is worth less now: 25 points taken back €15.00 at 5 points for each €1.00 In all it earns 75 points instead of 100. By version ${v} of the program = −25 → 75`,
    ]);
    expect(await why(scene.shop, id, meanwhile)).toContain(`Order ${meanwhile.name} gives nothing. The program was paused, ending or off when it was placed.`);
  });
});

describe('money', () => {
  it('of other currencies is told as it was counted, and stops when the merchant says so', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const dollars = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }], currency: 'USD', rate: 0.9 });
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, rates: [...program.earning.rates, { currency: 'JPY', points: 3, perMinor: 100 }] } }));
    const yen = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_000, quantity: 2 }], currency: 'JPY', rate: 0.6 });
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, rates: program.earning.rates.slice(0, 1), otherCurrencies: 'nothing' } }));
    const refused = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }], currency: 'USD', rate: 0.9 });
    await refund(scene.shop, yen, [[1, 1]]);
    await refund(scene.shop, dollars, [], 45_00);
    expect(await told(id)).toEqual([
      `Order ${dollars.name} earned 450 points €90.00 at 5 points for each €1.00 By version ${v} of the program = +450 → 450`,
      `Order ${yen.name} earned 600 points ¥20,000 at 3 points for each ¥100 By version ${v + 1} of the program = +600 → 1,050`,
      `Order ${yen.name} is worth less now: 300 points taken back ¥10,000 at 3 points for each ¥100 In all it earns 300 points instead of 600. By version ${v + 1} of the program = −300 → 750`,
      `Order ${dollars.name} is worth less now: 225 points taken back €45.00 at 5 points for each €1.00 In all it earns 225 points instead of 450. By version ${v} of the program = −225 → 525`,
    ]);
    expect(await why(scene.shop, id, refused)).toContain(`Order ${refused.name} gives nothing. The program has no rate for its currency.`);
  });

  it('that is none, a test, a gift card or a tip earns nothing, and a fortune stops nobody else', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const first = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10 }], tipMinor: 90_00 });
    const test = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }], isTest: true });
    const free = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 0 }] });
    const card = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 50_00, isGiftCard: true }] });
    const fortunes = [];
    for (let bought = 0; bought < 6; bought += 1) fortunes.push(await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 90_000_000_00 }] }));
    const other = customer();
    await scene.shop.buy({ customerId: other, lines: [{ unitMinor: 1_00 }] });
    expect(await told(id)).toEqual([
      `Order ${first.name} earned 1 point €0.10 at 5 points for each €1.00 By version ${v} of the program = +1 → 1`,
      `Order ${fortunes[0]?.name} earned 450,000,000 points €90,000,000.00 at 5 points for each €1.00 By version ${v} of the program = +450,000,000 → 450,000,001`,
      `Order ${fortunes[1]?.name} earned 450,000,000 points €90,000,000.00 at 5 points for each €1.00 By version ${v} of the program = +450,000,000 → 900,000,001`,
      `Order ${fortunes[2]?.name} earned 99,999,999 points €90,000,000.00 at 5 points for each €1.00 A member holds at most 1,000,000,000 points; the rest of this order is given once there is room. By version ${v} of the program = +99,999,999 → 1,000,000,000`,
    ]);
    expect(await told(other)).toHaveLength(1);
    expect(await why(scene.shop, id, test)).toContain('It is a test, was deleted, or is in a state that does not count.');
    expect(await why(scene.shop, id, free)).toContain('Nothing of it is left to earn from: goods after discounts and refunds come to 0.');
    expect(await why(scene.shop, id, card)).toContain('gift cards earn nothing: 0 points');
  });

  it('in a shop that changes its own currency is counted by the currency of each order', async () => {
    const id = customer();
    const v = await scene.shop.version();
    const euros = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 100_00 }] });
    const { shop: facts } = scene.shop.shopify;
    scene.shop.shopify.save('shop', { ...facts, currency: 'USD' });
    scene.shop.shopify.emit('shop/update', {});
    await scene.shop.settle();
    const dollars = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    expect(await why(scene.shop, id, dollars)).toContain('The program has no rate for its currency.');
    await scene.shop.save((program) => ({ ...program, earning: { ...program.earning, rates: [...program.earning.rates, { currency: 'USD', points: 4, perMinor: 100 }] } }));
    await refund(scene.shop, euros, [], 20_00);
    const later = await scene.shop.buy({ customerId: id, lines: [{ unitMinor: 10_00 }] });
    expect(await told(id)).toEqual([
      `Order ${euros.name} earned 500 points €100.00 at 5 points for each €1.00 By version ${v} of the program = +500 → 500`,
      `Order ${euros.name} is worth less now: 100 points taken back €80.00 at 5 points for each €1.00 In all it earns 400 points instead of 500. By version ${v} of the program = −100 → 400`,
      `Order ${later.name} earned 40 points $10.00 at 4 points for each $1.00 By version ${v + 1} of the program = +40 → 440`,
    ]);
    scene.shop.shopify.save('shop', facts);
    scene.shop.shopify.emit('shop/update', {});
    await scene.shop.settle();
  });
});

describe('an import', () => {
  it('that is sent twice counts once, and a corrected file is another, whose lines say so', async () => {
    const id = customer();
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const send = (fileName: string, text: string) =>
      importPoints(scene.shop.context, { fileHash: fileName.padEnd(64, '0'), fileName, header: 'customer_id,points,reason', text, firstLine: 2, isDryRun: false, takesRepeated: false }, askingStaff(STAFF));
    await send('smile.csv', `${id},700,\n${id},-50,Spent <i>before</i>\n`);
    expect(await send('smile.csv', `${id},700,\n${id},-50,Spent <i>before</i>\n`)).toMatchObject({ count: { knownLines: 2, addedPoints: 0, takenPoints: 0 } });
    await send('smile-corrected.csv', `${id},-650,Wrong file\n${id},70,\n`);
    await scene.shop.settle();
    expect(await told(id)).toEqual([
      '700 points imported from another program Line 2 of the file “smile.csv” by you = +700 → 700',
      '50 points taken by the import from another program Line 3 of the file “Spent <i>before</i>” by you = −50 → 650',
      '650 points taken by the import from another program Line 2 of the file “Wrong file” by you = −650 → 0',
      '70 points imported from another program Line 3 of the file “smile-corrected.csv” by you = +70 → 70',
    ]);
    expect((await told(id, 'zh-CN'))[1]).toBe('从其他积分系统导入：扣除 50 积分 文件第 3 行 “Spent <i>before</i>” 由您操作 = −50 → 650');
  });

  it('that names customers by e-mail asks Shopify whose they are, says which are nobody\'s, and keeps none', async () => {
    const ids = Array.from({ length: 30 }, () => customer());
    for (const id of ids) {
      const known = scene.shop.shopify.customers.get(id);
      if (known !== undefined) scene.shop.shopify.save('customer', { ...known, email: `Member.${id}@example.com` });
    }
    const { importPoints } = await import('#app/services/loyalty/import-points.server.ts');
    const text = ['nobody@example.com,5', ...ids.map((id, index) => `member.${id}@EXAMPLE.com,${index + 1}`), 'not an address,5', ''].join('\n');
    const send = (isDryRun: boolean) =>
      importPoints(scene.shop.context, { fileHash: 'e'.repeat(64), fileName: 'smile.csv', header: 'email,points', text, firstLine: 2, isDryRun, takesRepeated: false }, askingStaff(STAFF));
    const count = { lines: 31, badLines: 1, addedPoints: 465, unknownLines: 1, unknown: [{ line: 2, customer: 'nobody@example.com' }], bad: [{ line: 33, field: 'email', problem: 'not-an-email' }] };
    expect(await send(true)).toMatchObject({ count });
    expect(await send(false)).toMatchObject({ count });
    await scene.shop.settle();
    expect((await told(ids[29] ?? 0))[0]).toBe('30 points imported from another program Line 32 of the file “smile.csv” by you = +30 → 30');
    expect(await send(false)).toMatchObject({ count: { knownLines: 30, addedPoints: 0 } });
  });
});
