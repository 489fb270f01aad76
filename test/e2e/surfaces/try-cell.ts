import type { Frame, Page } from 'playwright-core';
import { findHindrances } from '../support/find-hindrances.ts';
import { overflowOf } from '../support/overflow.ts';
import { shownBlocks } from '../support/shop-steps.ts';
import { answerFor, APP, speak } from '../support/shopper-stage.ts';
import type { ShopperStage } from '../support/shopper-stage.ts';
import { FAILS, localeOf } from './states.ts';
import type { State } from './states.ts';
import type { Surface } from './surfaces.ts';
import { pressByKeyboard, walkByKeyboard } from './walk-by-keyboard.ts';
import type { Walk } from './walk-by-keyboard.ts';

/** What one surface did in one state. */
export interface Cell {
  surface: string;
  state: State;
  /** Why it cannot be; null for one that was looked at. */
  cannot: string | null;
  /** Its first words; nothing where it was away. */
  shown: string;
  /** What axe-core calls serious or critical. */
  hindrances: string[];
  /** What is wider than a window of 320 px. */
  overflow: string[];
  /** Errors and warnings of the console. */
  complaints: string[];
  keyboard: Walk;
  /** What it should have said or done and did not; null when it did. */
  problem: string | null;
}

/** Takes a picture of the page under a name; does nothing where nobody looks at them. */
export type Shoot = (page: Page, name: string) => Promise<void>;

const SLOW_MS = 5_000;
const SOON_MS = 30_000;
/** What is drawn anew for another width has been by then. */
const SETTLED_MS = 3_000;
const LOOK_MS = 50;
const DESKTOP = { width: 1280, height: 900 };
const SMALL_PHONE = { width: 320, height: 640 };
const MOST_SHOWN = 70;

export async function tryCell(stage: ShopperStage, surface: Surface, state: State, shoot: Shoot): Promise<Cell> {
  const expected = surface.expects(state);
  const cell: Cell = {
    ...{ surface: surface.name, state, cannot: 'cannot' in expected ? expected.cannot : null, shown: '' },
    ...{ hindrances: [], overflow: [], complaints: [], keyboard: { controls: 0, missed: [] }, problem: null },
  };
  if ('cannot' in expected) return cell;
  const person = await stage.browser.newPerson({ viewport: state === '320 px' ? SMALL_PHONE : DESKTOP });
  const { page } = person;
  try {
    await page.request.post(`${stage.shopUrl}/__settings`, { data: { isDataApproved: state !== 'data not approved', isOrderLate: state === 'order not known yet' } });
    const answers = surface.answers(state);
    const failing = FAILS[state];
    if (failing !== undefined) for (const path of Object.keys(answers)) answers[path] = failing;
    const asked = await answerFor(page, answers, { delayMs: state === 'app slow' ? SLOW_MS : 0 });
    if (localeOf(state) !== 'en') await speak(page, stage.shopUrl, localeOf(state));
    await surface.open({ stage, page, state });
    const frame = await surface.frameOf(page);
    await frame.waitForLoadState();
    if ('isAwayAfter' in expected) await waitUntil('it has asked often enough', () => asked.length >= expected.isAwayAfter);
    else await frame.getByText(expected.says).first().waitFor({ timeout: SOON_MS });
    if ('isAwayAfter' in expected) await expectAway(page);
    else Object.assign(cell, await lookAt(page, frame, surface, shoot, `${surface.name} ${state}`));
    if (state === 'keyboard only' && surface.deed !== null) {
      await pressByKeyboard(page, await surface.frameOf(page), surface.within, surface.deed.press);
      await surface.deed.then(page, frame);
    }
  } catch (error) {
    cell.problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    await shoot(page, `${surface.name} ${state} failed`);
  } finally {
    await person.leave();
  }
  // The browser itself notes each request that was made to fail.
  const isScripted = (complaint: string) => !complaint.startsWith('uncaught') && (complaint.includes(APP) || complaint.includes('/apps/perennial/'));
  return { ...cell, complaints: person.complaints.filter((complaint) => !isScripted(complaint)) };
}

async function lookAt(page: Page, frame: Frame, { within }: Surface, shoot: Shoot, name: string): Promise<Pick<Cell, 'shown' | 'hindrances' | 'overflow' | 'keyboard'>> {
  const shown = (await frame.evaluate(readAll, within)).slice(0, MOST_SHOWN);
  const hindrances = await findHindrances(frame, within);
  await shoot(page, name);
  const keyboard = await walkByKeyboard(page, frame, within);
  await page.setViewportSize(SMALL_PHONE);
  await waitUntil('the window is small', () => frame.evaluate((width) => innerWidth <= width, SMALL_PHONE.width));
  const over = within === 'html' ? null : within;
  const endMs = performance.now() + SETTLED_MS;
  let overflow = await overflowOf(frame, over);
  while (overflow.length > 0 && performance.now() < endMs) overflow = await overflowOf(frame, over);
  await shoot(page, `${name} 320`);
  await page.setViewportSize(DESKTOP);
  return { shown, hindrances, overflow, keyboard };
}

async function expectAway(page: Page): Promise<void> {
  if ((await shownBlocks(page)) > 0) throw new Error('It takes room, with nothing to say.');
}

async function waitUntil(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + SOON_MS;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`It did not come about that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** All that can be read, shadow trees included. */
function readAll(within: string): string {
  const read = (node: Node): string => {
    if (node instanceof Text) return node.data;
    if (node instanceof HTMLSlotElement) return node.assignedNodes().map(read).join(' ');
    if (node instanceof Element && (node.matches('script, style') || !node.checkVisibility())) return '';
    const tree: Node = node instanceof Element && node.shadowRoot ? node.shadowRoot : node;
    return [...tree.childNodes].map(read).join(' ');
  };
  return [...document.querySelectorAll(within)].map(read).join(' ').replace(/\s+/g, ' ').trim();
}
