import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CDPSession, Frame, Page } from 'playwright-core';
import { z } from 'zod';
import { requireAppFrame } from '#test/e2e/support/browser-under-test.ts';
import { waitFor } from '#test/support/wait-for.ts';
import type { Interaction, PagePlan } from './page-plans.ts';
import { interactionSchema, IS_ANSWERED, IS_LOADED, loadSchema, pageProbe, READ_INTERACTION, READ_LOAD } from './page-probe.ts';
import type { InteractionFigures, PageLoad } from './page-probe.ts';

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A cold fit of a large store's models is waited for; what takes longer is a failure. */
const LOADED_WITHIN_MS = 120_000;
const ANSWERED_WITHIN_MS = 30_000;
/** What comes after the numbers, such as names from Shopify, has come by then. */
const QUIET_MS = 1_000;

/** A browser's page with the admin around the app, its processor slowed down. */
export class SlowPage {
  readonly #page: Page;
  readonly #shellUrl: string;
  readonly #session: CDPSession;
  readonly #slowdown: number;

  private constructor(page: Page, options: { shellUrl: string; slowdown: number; session: CDPSession }) {
    this.#page = page;
    this.#shellUrl = options.shellUrl;
    this.#session = options.session;
    this.#slowdown = options.slowdown;
  }

  static async open(page: Page, { shellUrl, slowdown, plans }: { shellUrl: string; slowdown: number; plans: readonly PagePlan[] }): Promise<SlowPage> {
    const paths = plans.map(({ path, data }) => [(path.split('?')[0] ?? path).replace(/\/customers\/\d+$/, '/customers/*'), data]);
    await page.addInitScript({ content: pageProbe(Object.fromEntries(paths)) });
    const session = await page.context().newCDPSession(page);
    return new SlowPage(page, { shellUrl, slowdown, session });
  }

  /** Null where the app has no such page. */
  async visit({ path }: PagePlan): Promise<PageLoad | null> {
    await this.#session.send('Emulation.setCPUThrottlingRate', { rate: this.#slowdown });
    await this.#page.goto(this.#shellUrl + path, { timeout: LOADED_WITHIN_MS });
    const frame = requireAppFrame(this.#page);
    await this.#slowDown(frame);
    if (await this.#isMissing(frame)) return null;
    await waitIn(frame, IS_LOADED, LOADED_WITHIN_MS);
    await this.#page.waitForTimeout(QUIET_MS);
    return loadSchema.parse(await frame.evaluate(READ_LOAD));
  }

  /** Null where the page does not offer it. */
  async interact({ target, key, watched }: Interaction): Promise<InteractionFigures | null> {
    const frame = requireAppFrame(this.#page);
    const control = frame.locator(target).first();
    if ((await control.count()) === 0 || !(await control.isEnabled())) return null;
    await control.scrollIntoViewIfNeeded();
    if (key !== undefined) await control.focus();
    await frame.evaluate(`window.__probe.startWatching(${JSON.stringify(watched)})`);
    if (key === undefined) await control.click();
    else await this.#page.keyboard.press(key);
    await waitIn(frame, IS_ANSWERED, ANSWERED_WITHIN_MS);
    await this.#page.waitForTimeout(QUIET_MS);
    return interactionSchema.parse(await frame.evaluate(READ_INTERACTION));
  }

  /** What axe-core calls serious or critical: the rule and the first element. */
  async findHindrances(): Promise<string[]> {
    await this.#session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    const frame = requireAppFrame(this.#page);
    await frame.evaluate(AXE_SOURCE);
    const found = violationsSchema.parse(await frame.evaluate('axe.run()'));
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}, ${nodes.length} times: ${(nodes[0]?.html ?? '').slice(0, 160)}`);
  }

  /** A frame that the browser gave a process of its own is slowed down by itself. */
  async #slowDown(frame: Frame): Promise<void> {
    const session = await this.#page.context().newCDPSession(frame).catch(() => null);
    await session?.send('Emulation.setCPUThrottlingRate', { rate: this.#slowdown }).catch(() => {});
    await session?.detach();
  }

  async #isMissing(frame: Frame): Promise<boolean> {
    await waitIn(frame, `document.querySelector('main h1, main h2, main button') !== null`, LOADED_WITHIN_MS);
    return (await frame.getByText('This page does not exist').count()) > 0;
  }
}

const violationsSchema = z.object({
  violations: z.array(z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** Asked by the debugger: the app's content policy forbids what waits in the page itself. */
async function waitIn(frame: Frame, condition: string, timeoutMs: number): Promise<void> {
  // While one document gives way to the next there is nobody to ask.
  const isSo = () => frame.evaluate<boolean>(`Boolean(${condition})`).catch(() => false);
  await waitFor(condition, async () => ((await isSo()) ? true : undefined), { timeoutMs, intervalMs: 100 }).catch(async (error: unknown) => {
    const seen = await frame.evaluate<string>(`JSON.stringify(window.__probe) + ' ' + document.readyState + ' ' + document.body.innerText.slice(0, 300)`);
    throw new Error(`${frame.url().replace(/\?.*/, '')}: ${seen}`, { cause: error });
  });
}
