import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { openHostileShop, plainProgram } from './hostile-shop.ts';
import type { HostileShop } from './hostile-shop.ts';
import { findSlipsOfSum, toldTexts } from './told-ledger.tsx';

export interface HostileScene {
  readonly shop: HostileShop;
  /** A new one, whose page is looked at when the test is over. */
  customer(): number;
  /** Has no page any more: was merged into another. */
  forget(customerId: number): void;
  told(customerId: number, language?: 'en' | 'zh-CN'): Promise<string[]>;
}

/** A shop with a plain program for the tests of one file. Whatever they do to whom: what a page prints adds up, in both languages. */
export function useHostileScene(): HostileScene {
  let shop: HostileShop;
  const known = new Set<number>();
  beforeAll(async () => {
    shop = await openHostileShop();
    await shop.save(plainProgram, { to: 'live' });
  });
  afterAll(() => shop.stop());
  afterEach(async () => {
    for (const customerId of known) {
      const page = await shop.pageOf(customerId);
      expect([customerId, findSlipsOfSum(page), findSlipsOfSum(page, 'zh-CN')]).toEqual([customerId, [], []]);
    }
    known.clear();
    await shop.save(plainProgram);
  });
  return {
    get shop() {
      return shop;
    },
    customer() {
      const id = shop.newCustomer();
      known.add(id);
      return id;
    },
    forget: (customerId) => void known.delete(customerId),
    told: async (customerId, language = 'en') => toldTexts(await shop.pageOf(customerId), language),
  };
}
