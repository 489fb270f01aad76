import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

/** The app inside the admin, as a person sees it: stays valid when the document in the frame changes. */
export function appIn(page: Page): FrameLocator {
  return page.frameLocator('iframe[name="app-iframe"]');
}

/** Opens the app for the first time or again, and waits until its numbers are there. */
export async function openOverview(page: Page, shellUrl: string): Promise<FrameLocator> {
  await page.goto(`${shellUrl}/app`);
  const app = appIn(page);
  await app.getByRole('table').first().waitFor();
  return app;
}

export async function switchLanguage(page: Page, name: 'English' | '简体中文'): Promise<void> {
  await page.locator('details.language summary').click();
  await page.getByRole('link', { name, exact: true }).click();
  await page.waitForLoadState();
}

/** The lines of the card under a heading. */
export async function readCard(app: FrameLocator | Frame, heading: string): Promise<string[]> {
  const card = cardOf(app, heading);
  return (await card.innerText()).split('\n').filter((line) => line.trim() !== '');
}

export function cardOf(app: FrameLocator | Frame, heading: string): Locator {
  return app.locator('.Polaris-ShadowBevel').filter({ has: app.getByRole('heading', { name: heading, exact: true }) }).last();
}

/** The texts of the cells, row by row, with a space between their parts; what only screen readers are told is left out. */
export function readTable(table: Locator): Promise<string[][]> {
  return table.evaluate((element) =>
    [...element.querySelectorAll('tr, [role="row"]')].map((row) =>
      [...row.querySelectorAll('th, td, [role="columnheader"], [role="rowheader"], [role="cell"]')].map((cell) => {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const parts: string[] = [];
        while (texts.nextNode()) {
          const isHidden = texts.currentNode.parentElement?.closest('[class*="visuallyHidden"]') !== null;
          if (!isHidden) parts.push(texts.currentNode.textContent ?? '');
        }
        return parts.join(' ').trim();
      }),
    ),
  );
}

export interface OfferChoice {
  isOn: boolean;
  percent: string;
  audience: 'First orders' | 'Every order';
}

/** Opens Offers, sets what differs in the first rule, which it adds where there is none, and saves by the admin's save bar. */
export async function saveOffer(page: Page, shellUrl: string, { isOn, percent, audience }: OfferChoice): Promise<void> {
  await page.goto(`${shellUrl}/app/offers`);
  const app = appIn(page);
  await app.getByRole('button', { name: /^(Add “First-timers”|Edit .+)$/ }).first().click();
  await app.getByLabel('Discount', { exact: true }).fill(percent);
  await app.getByLabel('Orders', { exact: true }).selectOption(audience === 'First orders' ? 'first' : 'any');
  // Polaris draws its own boxes over the native ones, so what a person clicks is the words beside them.
  const isOnNow = await app.getByLabel('Give buyers something for their next order').isChecked();
  if (isOnNow !== isOn) await app.getByText('Give buyers something for their next order').click();
  const saveBar = saveBarOf(page);
  await saveBar.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Offers saved').waitFor();
  await saveBar.waitFor({ state: 'hidden' });
}

export function saveBarOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Unsaved changes' });
}
