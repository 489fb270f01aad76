import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { requireChromium } from '#test/support/chromium.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/** A desktop browser: Shopify's library answers 410 to what looks like a robot. */
const DESKTOP_AGENT = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
/** Ends what hangs, and judges nothing. */
const PATIENCE_MS = 30_000;
const FAILURES_DIR = join(PROJECT_DIR, '.perennial', 'e2e-failures');

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** One person at one browser: cookies of their own, and everything the browser complained about. */
export interface Person {
  page: Page;
  /** Console errors and warnings, uncaught errors: of every frame of the page, oldest first. */
  complaints: string[];
  /**
   * Becomes somebody who never was at this origin, in the same window, which is empty then. Another window takes most of a
   * second of a processor.
   */
  startOver(origin: string): Promise<void>;
  leave(): Promise<void>;
}

export interface BrowserUnderTest {
  newPerson(options?: BrowserContextOptions): Promise<Person>;
  /** A picture of each open page, into `.perennial/e2e-failures`. */
  photograph(name: string): Promise<string[]>;
  /** Complaints of everybody who is still there. */
  complaints(): string[];
  close(): Promise<void>;
}

export async function startBrowserUnderTest(): Promise<BrowserUnderTest> {
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const people = new Set<Person>();
  return {
    async newPerson(options = {}) {
      const person = await makePerson(browser, options, () => people.delete(person));
      people.add(person);
      return person;
    },
    async photograph(name) {
      mkdirSync(FAILURES_DIR, { recursive: true });
      const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 80);
      const files: string[] = [];
      for (const [index, { page }] of [...people].entries()) {
        const file = join(FAILURES_DIR, `${slug}-${index + 1}.png`);
        await page.screenshot({ path: file, fullPage: true }).then(
          () => files.push(file),
          () => {},
        );
      }
      return files;
    },
    complaints: () => [...people].flatMap(({ complaints }) => complaints),
    close: () => browser.close(),
  };
}

async function makePerson(browser: Browser, options: BrowserContextOptions, forget: () => void): Promise<Person> {
  const context = await browser.newContext({
    userAgent: DESKTOP_AGENT,
    locale: 'en-US',
    viewport: WIDE,
    permissions: ['clipboard-read', 'clipboard-write'],
    // What spins while a page waits would be drawn without end, by a processor that others want.
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // Addresses without their parameters, which hold tokens.
    complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`.replaceAll(/\?[^\s)']*/g, ''));
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
  return {
    page,
    complaints,
    async startOver(origin) {
      // What the page before has still to say is said before the empty one is there.
      await page.goto('about:blank');
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      const devtools = await context.newCDPSession(page);
      await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
      await devtools.detach();
      await context.clearCookies();
      await page.setViewportSize(options.viewport ?? WIDE);
      complaints.length = 0;
    },
    async leave() {
      forget();
      await context.close();
    },
  };
}

/** The document that the app shows inside the admin. @throws Error when there is none */
export function requireAppFrame(page: Page): Frame {
  const frame = page.frame({ name: 'app-iframe' });
  if (frame === null) throw new Error(`There is no app in ${page.url()}.`);
  return frame;
}
