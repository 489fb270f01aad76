import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openHostileShop, plainProgram } from '#test/support/loyalty/hostile-shop.ts';
import type { HostileShop } from '#test/support/loyalty/hostile-shop.ts';
import { redeem, refund } from '#test/support/loyalty/merchant-deeds.ts';
import { findSlipsOfSum, toldTexts } from '#test/support/loyalty/told-ledger.tsx';

let shop: HostileShop;

beforeAll(async () => {
  shop = await openHostileShop();
  await shop.save(plainProgram, { to: 'live' });
});

afterAll(() => shop.stop());

async function told(customerId: number, language: 'en' | 'zh-CN' = 'en'): Promise<string[]> {
  const page = await shop.pageOf(customerId);
  expect(findSlipsOfSum(page, language)).toEqual([]);
  return toldTexts(page, language);
}

describe('a program that is wound down', () => {
  it('ends what is left and what is owed, is off once the last code has ended, and can begin anew', async () => {
    const [spender, debtor] = [shop.newCustomer(), shop.newCustomer()];
    await shop.buy({ customerId: spender, lines: [{ unitMinor: 300_00 }] });
    const owed = await shop.buy({ customerId: debtor, lines: [{ unitMinor: 100_00 }] });
    const late = await redeem(shop, spender, 'amount-500');
    const spent = await redeem(shop, debtor, 'amount-500');
    await shop.buy({ customerId: debtor, lines: [{ unitMinor: 5_00, discountMinor: 5_00 }], code: spent });
    await refund(shop, owed, [], 80_00);
    const lastDay = Math.floor(shop.now().getTime() / 86_400_000) + 20;
    await shop.save((program) => program, { to: 'winding-down', lastRedemptionDay: lastDay });
    await shop.passDays(19);
    expect((await shop.pageOf(spender)).balancePoints).toBe(1_000);
    await shop.passDays(3);
    expect((await told(spender)).at(-1)).toBe('1,000 points ended with the program = −1,000 → 0 500 reserved');
    expect((await told(debtor)).at(-1)).toBe('What was owed ended: 400 points = +400 → 0');
    expect((await told(debtor, 'zh-CN')).at(-1)).toBe('所欠的 400 积分一笔勾销 = +400 → 0');
    expect((await shop.program()).status.kind).toBe('winding-down');
    // The code still works, to its own last day: it was promised.
    expect(late).toMatch(/^GIFT-/);
    for (const days of [12, 1, 1, 1]) await shop.passDays(days);
    expect((await told(spender)).slice(-2)).toEqual([
      '€5.00 off was not used in time: 500 points came back Code GIFT-… = +500 reserved −500 → 500',
      '500 points ended with the program = −500 → 0',
    ]);
    expect((await shop.program()).status.kind).toBe('off');
    await shop.save((program) => program, { to: 'live' });
    await shop.buy({ customerId: debtor, lines: [{ unitMinor: 2_00 }] });
    expect((await shop.pageOf(debtor)).balancePoints).toBe(10);
  });
});
