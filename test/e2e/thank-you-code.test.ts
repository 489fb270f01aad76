import { beforeAll, describe, expect, it } from 'vitest';
import type { SimOrder } from '#test/simulator/state.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { appIn, openOverview, readCard, saveBarOf, saveOffer } from './support/admin-steps.ts';
import type { OfferChoice } from './support/admin-steps.ts';
import type { Person } from './support/browser-under-test.ts';
import { figuresOfStore } from './support/figures-of-store.ts';
import { applyCode, blockIn, buy, codeIn, goToCheckout, listenForOffers, pay, shownBlocks } from './support/shop-steps.ts';
import { useStage } from './support/stage.ts';

const CODE_WITHIN_MS = 10_000;
/** Longer than Shopify's pause between the tries of a webhook that failed while the app was away. */
const RETRY_WITHIN_MS = 40_000;
const OFFER: OfferChoice = { isOn: true, percent: '20', audience: 'First orders' };

const stage = useStage(() => generateStore({ seed: 12, orders: 200, asOf: new Date().toISOString() }));
let merchant: Person;

beforeAll(async () => {
  merchant = await stage.browser.newPerson();
  await openOverview(merchant.page, stage.perennial.shellUrl);
  await saveOffer(merchant.page, stage.perennial.shellUrl, OFFER);
});

describe('a new customer', () => {
  let ada: Person;
  let thankYouUrl: string;
  let code: string;

  beforeAll(async () => {
    ada = await stage.browser.newPerson();
  });

  it('sees a code on the thank-you page within ten seconds', async () => {
    thankYouUrl = await buy(ada.page, stage.perennial.storefrontUrl, { email: 'ada@new.example' });
    code = await codeIn(ada.page).innerText({ timeout: CODE_WITHIN_MS });
    const block = blockIn(ada.page);
    await block.getByText('Take 20% off your next order with this code.').waitFor();
    await block.getByText('Works once.').waitFor();
    await block.getByRole('button', { name: 'Copy code' }).click();
    await expect.poll(() => ada.page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  });

  it('has a code of their own, which Shopify lets be used once', () => {
    const found = stage.shop.findCode(code);
    expect(found?.discount).toMatchObject({
      status: 'ACTIVE',
      percentage: 0.2,
      usageLimit: 1,
      customerIds: [],
    });
    expect(lastOrder().customerId).not.toBeNull();
  });

  it('is counted on the dashboard seconds later', async () => {
    const { customers } = figuresOfStore(stage.shop).overall;
    const { page } = merchant;
    await expect
      .poll(
        async () => {
          const app = await openOverview(page, stage.perennial.shellUrl);
          return (await readCard(app, 'Customers')).at(2);
        },
        { timeout: 10_000 },
      )
      .toBe(`All time: ${customers}`);
    const created = stage.perennial.simulator.simulator.webhooks.deliveries().filter(({ topic }) => topic === 'orders/create');
    expect(created.map(({ status }) => status)).toEqual(['delivered']);
  });

  it('gets the same code when the page is loaded again, in another browser too', async () => {
    await ada.page.reload();
    expect(await codeIn(ada.page).innerText()).toBe(code);
    const elsewhere = await stage.browser.newPerson();
    await elsewhere.page.goto(thankYouUrl);
    expect(await codeIn(elsewhere.page).innerText()).toBe(code);
    await elsewhere.leave();
  });

  it('pays less for the next order with it, and gets no second code', async () => {
    const answers = listenForOffers(ada.page);
    await goToCheckout(ada.page, stage.perennial.storefrontUrl, { email: 'ada@new.example', code });
    await applyCode(ada.page);
    expect(await ada.page.locator('.summary__discount dt').innerText()).toContain(code);
    await pay(ada.page);
    const { discounts, lines } = lastOrder();
    const goodsMinor = lines.reduce((sum, line) => sum + line.unitPrice.shop.amountMinor * line.quantity, 0);
    expect(discounts).toMatchObject([{ code, amount: { shop: { amountMinor: Math.round(goodsMinor * 0.2) } } }]);
    await expect.poll(() => answers.at(-1), { timeout: CODE_WITHIN_MS }).toBe('none');
    expect(await shownBlocks(ada.page)).toBe(0);
  });

  it('cannot use it again', async () => {
    await goToCheckout(ada.page, stage.perennial.storefrontUrl, { email: 'ada@new.example', code });
    await applyCode(ada.page);
    expect(await ada.page.getByRole('alert').innerText()).toBe(`“${code}” has already been used.`);
    expect(ada.complaints).toEqual([]);
    await ada.leave();
  });
});

it('is thanked in the merchant’s own words, in the language that they were written in', async () => {
  const { page } = merchant;
  await page.goto(`${stage.perennial.shellUrl}/app/texts?surface=thank-you&language=en`);
  const group = appIn(page).getByRole('group', { name: 'A thank-you for your next order' });
  await group.getByRole('textbox').fill('See you at the next harvest');
  await saveBarOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Texts saved').waitFor();
  const cleo = await stage.browser.newPerson();
  await buy(cleo.page, stage.perennial.storefrontUrl, { email: 'cleo@new.example' });
  await blockIn(cleo.page).getByRole('heading', { name: 'See you at the next harvest' }).waitFor({ timeout: CODE_WITHIN_MS });
  await codeIn(cleo.page).waitFor({ timeout: CODE_WITHIN_MS });
  await cleo.leave();
});

describe('who gets a code', () => {
  it('is a guest too', async () => {
    const guest = await stage.browser.newPerson();
    await buy(guest.page, stage.perennial.storefrontUrl, { email: 'guest@new.example', isGuest: true });
    const code = await codeIn(guest.page).innerText({ timeout: CODE_WITHIN_MS });
    await blockIn(guest.page).getByText('Works once.', { exact: true }).waitFor();
    expect(lastOrder().customerId).toBeNull();
    expect(stage.shop.findCode(code)?.discount).toMatchObject({ status: 'ACTIVE', usageLimit: 1, customerIds: [] });
    expect(guest.complaints).toEqual([]);
    await guest.leave();
  });

  it('is nobody who has bought before, while codes are for first orders', async () => {
    const known = someCustomerWithAnOrder();
    const regular = await stage.browser.newPerson();
    await expectNoCode(regular, known);
    await regular.leave();
  });

  it('is everybody once the merchant says so', async () => {
    await saveOffer(merchant.page, stage.perennial.shellUrl, { ...OFFER, audience: 'Every order' });
    const regular = await stage.browser.newPerson();
    await buy(regular.page, stage.perennial.storefrontUrl, { email: someCustomerWithAnOrder() });
    await codeIn(regular.page).waitFor({ timeout: CODE_WITHIN_MS });
    await regular.leave();
  });

  it('is nobody while the offer is off', async () => {
    await saveOffer(merchant.page, stage.perennial.shellUrl, { ...OFFER, isOn: false });
    const buyer = await stage.browser.newPerson();
    await expectNoCode(buyer, 'too-early@new.example');
    await buyer.leave();
    await saveOffer(merchant.page, stage.perennial.shellUrl, OFFER);
  });
});

describe('when something is late or away', () => {
  it('promises nothing while Shopify has not told of the order yet, then shows the code', async () => {
    const buyer = await stage.browser.newPerson();
    const answers = listenForOffers(buyer.page);
    await setOrderDelay(2_500);
    await buy(buyer.page, stage.perennial.storefrontUrl, { email: 'late@new.example' });
    await expect.poll(() => answers[0]).toBe('pending');
    expect(await shownBlocks(buyer.page)).toBe(0);
    await codeIn(buyer.page).waitFor({ timeout: CODE_WITHIN_MS + 2_500 });
    expect(buyer.complaints).toEqual([]);
    await setOrderDelay(0);
    await buyer.leave();
  });

  it('leaves the thank-you page whole while the app is down, and shows the code once it is back', async () => {
    const buyer = await stage.browser.newPerson();
    const answers = listenForOffers(buyer.page);
    await stage.perennial.stopWeb();
    await buy(buyer.page, stage.perennial.storefrontUrl, { email: 'patient@new.example' });
    await expect.poll(() => answers.length, { timeout: CODE_WITHIN_MS }).toBeGreaterThanOrEqual(3);
    expect(new Set(answers)).toEqual(new Set(['unreachable']));
    expect(await shownBlocks(buyer.page)).toBe(0);
    await buyer.page.getByRole('heading', { name: 'Your order is confirmed' }).waitFor();
    // The browser itself notes each request that failed, by its address; nothing else may be said.
    const question = `${stage.perennial.appFrontUrl}/api/`;
    expect(buyer.complaints.filter((complaint) => complaint.startsWith('uncaught') || !complaint.includes(question))).toEqual([]);

    await stage.perennial.startWeb();
    await buyer.page.reload();
    await codeIn(buyer.page).waitFor({ timeout: RETRY_WITHIN_MS });
    await buyer.leave();
  });
});

it('left the console of the merchant’s browser empty all the while', () => {
  expect(merchant.complaints).toEqual([]);
});

function lastOrder(): SimOrder {
  const order = [...stage.shop.orders.values()].at(-1);
  if (order === undefined) throw new Error('The store has no order.');
  return order;
}

function someCustomerWithAnOrder(): string {
  const buyers = new Set([...stage.shop.orders.values()].filter((order) => !order.test).map(({ customerId }) => customerId));
  const email = [...stage.shop.customers.values()].find(
    ({ id, mergedIntoId, deletedAt, email }) => buyers.has(id) && mergedIntoId === null && deletedAt === null && email !== null,
  )?.email;
  if (!email) throw new Error('No customer of the store has an order.');
  return email;
}

async function expectNoCode({ page, complaints }: Person, email: string): Promise<void> {
  const answers = listenForOffers(page);
  await buy(page, stage.perennial.storefrontUrl, { email });
  await expect.poll(() => answers.at(-1), { timeout: CODE_WITHIN_MS }).toBe('none');
  expect(await shownBlocks(page)).toBe(0);
  expect(await blockIn(page).locator('body > *').count()).toBe(0);
  expect(complaints).toEqual([]);
}

async function setOrderDelay(orderDelayMs: number): Promise<void> {
  await merchant.page.request.post(`${stage.perennial.storefrontUrl}/__settings`, { data: { orderDelayMs } });
}
