import type { Frame, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Person } from './browser-under-test.ts';
import { blockIn } from './shop-steps.ts';
import { AN_ESTIMATE, AN_OFFER, SOME_THANKS, someEntries, someLoyalty } from './shopper-answers.ts';
import { APP, startShopperStage } from './shopper-stage.ts';
import type { Answers, ShopperStage } from './shopper-stage.ts';

/** Longer than what our blocks take to give a silent app up. */
export const GIVES_UP_MS = 12_000;
export const SOON = { timeout: 10_000 };
export const LOYALTY_PAGE = '/account/pages/perennial-loyalty-page';

const MOST_TABS = 60;

export interface ShopperScene {
  readonly stage: ShopperStage;
  readonly person: Person;
  readonly page: Page;
  /** What the app says to the extensions; read at each question. */
  readonly answers: Answers;
  /** The app's block on the page. */
  block(): FrameLocator;
  /** Changes how the local Shopify behaves, until the end of the test. */
  set(settings: object): Promise<void>;
  /** What browser and code complained of, but for the requests that were made to fail. */
  complaints(): string[];
}

/** The local shop for the tests of one file, and a shopper for each of them, at the window that the one before has left. */
export function useShopperScene(): ShopperScene {
  let stage: ShopperStage;
  let person: Person | undefined;
  let answers: Answers = {};
  const shopper = (): Person => {
    if (person === undefined) throw new Error('Nobody is there before the tests begin.');
    return person;
  };
  const set = async (settings: object): Promise<void> => {
    await shopper().page.request.post(`${stage.shopUrl}/__settings`, { data: settings });
  };
  beforeAll(async () => {
    stage = await startShopperStage();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    if (person === undefined) person = await stage.browser.newPerson();
    else await person.startOver(new URL(stage.shopUrl).origin);
    answers = {
      '/api/checkout/next-order-offer': AN_OFFER,
      '/api/shopper/order': SOME_THANKS,
      '/api/shopper/loyalty': someLoyalty(),
      '/api/shopper/estimate': AN_ESTIMATE,
      '/api/shopper/entries': someEntries(),
    };
    await set({ checkoutToken: 'valid', canUpdateDiscountCodes: true, isPaidByWallet: false, isDataApproved: true, isOrderLate: false });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || person === undefined) return;
    console.log([...(await stage.browser.photograph(task.name)), ...person.complaints].join('\n'));
    await person.leave();
    person = undefined;
  });
  return {
    get stage() {
      return stage;
    },
    get person() {
      return shopper();
    },
    get page() {
      return shopper().page;
    },
    get answers() {
      return answers;
    },
    block: () => blockIn(shopper().page),
    set,
    complaints: () =>
      shopper().complaints.filter((complaint) => complaint.startsWith('uncaught') || !complaint.includes(APP)),
  };
}

/** The document of the app's block. */
export async function blockFrameOf(page: Page): Promise<Frame> {
  const frame = await (await page.locator('iframe.block').elementHandle())?.contentFrame();
  if (!frame) throw new Error('There is no block on the page.');
  return frame;
}

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const frame = await blockFrameOf(page);
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    const focused = await frame.evaluate(() => {
      const control = document.activeElement?.shadowRoot?.activeElement;
      return control?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '';
    });
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach “${name}”.`);
}
