import type { FrameLocator, Locator, Page, Request } from 'playwright-core';

export const CODE = /^BACK-[A-Z2-9]{8}$/;

export interface BuyerDetails {
  email: string;
  /** Keeps the order without a customer. */
  isGuest?: boolean;
  code?: string;
  /** Language of the checkout, and of the order. */
  locale?: string;
}

/** Puts a product into the cart and fills the checkout in, up to the button that pays. */
export async function goToCheckout(page: Page, storefrontUrl: string, buyer: BuyerDetails): Promise<void> {
  await page.goto(storefrontUrl);
  await page.locator('.grid a').first().click();
  await page.locator('.product__form button').click();
  await page.locator('.cart__side a.button--primary').click();
  await page.locator('input[name="email"]').fill(buyer.email);
  await page.locator('input[name="firstName"]').fill('Ada');
  await page.locator('input[name="lastName"]').fill('Lovelace');
  if (buyer.isGuest === true) await page.locator('input[name="guest"]').check();
  if (buyer.locale !== undefined) await page.locator('select[name="locale"]').selectOption(buyer.locale);
  await page.locator('input[name="discount"]').fill(buyer.code ?? '');
}

/** Tries the code that stands in the checkout, without paying. */
export async function applyCode(page: Page): Promise<void> {
  await page.locator('button[value="apply"]').click();
  await page.waitForLoadState();
}

/** Pays; the thank-you page is open then. Answers its address. */
export async function pay(page: Page): Promise<string> {
  await page.locator('button[value="pay"]').click();
  await page.waitForURL('**/thank-you/**');
  return page.url();
}

export async function buy(page: Page, storefrontUrl: string, buyer: BuyerDetails): Promise<string> {
  await goToCheckout(page, storefrontUrl, buyer);
  return pay(page);
}

/** Our block on the thank-you page. */
export function blockIn(page: Page): FrameLocator {
  return page.frameLocator('iframe.block');
}

export function codeIn(page: Page): Locator {
  return blockIn(page).getByText(CODE);
}

/** What the page shows of our block: a block that has nothing to say takes no room. */
export function shownBlocks(page: Page): Promise<number> {
  return page.locator('iframe.block.block--shown').count();
}

/** What the app answers to the block from now on, oldest first: a state, a status that is no success, or `unreachable`. */
export function listenForOffers(page: Page): string[] {
  const answers: string[] = [];
  const isQuestion = (request: Request) => request.method() === 'GET' && request.url().includes('/api/checkout/next-order-offer');
  page.on('requestfailed', (request) => {
    if (isQuestion(request)) answers.push('unreachable');
  });
  page.on('response', (response) => {
    if (!isQuestion(response.request())) return;
    if (!response.ok()) answers.push(String(response.status()));
    else void response.json().then((body: { state: string }) => answers.push(body.state), () => {});
  });
  return answers;
}
