import { loadavg } from 'node:os';
import pg from 'pg';
import { openOverview } from '#test/e2e/support/admin-steps.ts';
import { startBrowserUnderTest } from '#test/e2e/support/browser-under-test.ts';
import type { BrowserUnderTest } from '#test/e2e/support/browser-under-test.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { startPerennialUnderTest } from '#test/support/perennial-under-test.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { busyProcessors, formatSeconds, medianOf, sayClaims, sayTable, timed } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome, Claim } from './bench.ts';
import { fillStore } from './pages/fill-store.ts';
import { pagePlans } from './pages/page-plans.ts';
import type { PagePlan } from './pages/page-plans.ts';
import type { InteractionFigures, PageLoad } from './pages/page-probe.ts';
import { SlowPage } from './pages/visit-page.ts';

const ORDERS = 1_000_000;
const SLOWDOWN = 4;
const WARM_VISITS = 3;
const FIRST_DATA_MS = 1_500;
const INTERACTION_MS = 200;
/** Half of what is called good. */
const LAYOUT_SHIFT = 0.01;
/** Installs itself; the rest is put straight into the database. */
const STORE_ORDERS = 60;

interface PageResult {
  plan: PagePlan;
  cold: PageLoad;
  warm: PageLoad[];
  interactions: { name: string; figures: InteractionFigures | null }[];
  hindrances: string[];
}

/**
 * The built app as merchants have it, web and worker in processes of their own, within an admin and in a Chromium whose
 * processor is slowed down four times. All times are those of the app's document, from the moment that its frame asks
 * for it. Cold is the first visit to each page after web has started and is ready, one page after the other; warm is the median
 * of three.
 */
export const pages: Bench = {
  name: 'pages',
  rival: 'the promise: first data in 1.5 s, interactions in 200 ms, nothing moves',
  claim: `pages of a store with a million orders in a browser slowed down ${SLOWDOWN} times`,
  run,
};

async function run({ orders, say }: BenchOptions): Promise<BenchOutcome> {
  const perennial = await startPerennialUnderTest(() => generateStore({ seed: 21, orders: STORE_ORDERS, asOf: new Date().toISOString() }));
  const browser = await startBrowserUnderTest();
  try {
    const measured = await measure({ perennial, browser, orders: orders ?? ORDERS, say });
    return sayResults(measured, say);
  } finally {
    await browser.close();
    await perennial.close();
  }
}

interface Ground {
  perennial: PerennialUnderTest;
  browser: BrowserUnderTest;
  orders: number;
  say: (line: string) => void;
}

interface Measured {
  results: PageResult[];
  /** Names of pages that did not open. */
  missing: string[];
}

async function measure({ perennial, browser, orders, say }: Ground): Promise<Measured> {
  const installer = await browser.newPerson();
  await openOverview(installer.page, perennial.shellUrl);
  await installer.leave();
  // The local Shopify does not have these orders: the worker's nightly comparison would take them away.
  await perennial.stopWorker();
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  await owner.connect();
  const { seconds, value: filled } = await timed(() => fillStore(owner, orders)).finally(() => owner.end());
  say(`${filled.orders} orders, ${filled.lines} lines, ${filled.customers} customers, filled in ${formatSeconds(seconds)}`);
  await perennial.stopWeb();
  const { seconds: startSeconds } = await timed(() => perennial.startWeb());
  say(`web is ready after ${formatSeconds(startSeconds)}`);
  say(`others keep ${(await busyProcessors()).toFixed(1)} processors busy; load ${loadsNow()}`);
  const plans = pagePlans(filled);
  const { page } = await browser.newPerson({ reducedMotion: 'no-preference' });
  const slow = await SlowPage.open(page, { shellUrl: perennial.shellUrl, slowdown: SLOWDOWN, plans });
  const missing: string[] = [];
  const orMissing = async <T>(plan: PagePlan, visiting: Promise<T | null>): Promise<T | null> => {
    const visited = await visiting.catch((error: unknown) => {
      say(`${plan.name}: ${String(error).slice(0, 300)}`);
      return null;
    });
    if (visited === null) missing.push(plan.name);
    return visited;
  };
  const colds: { plan: PagePlan; cold: PageLoad }[] = [];
  for (const plan of plans) {
    const cold = await orMissing(plan, slow.visit(plan));
    if (cold !== null) colds.push({ plan, cold });
  }
  const results: PageResult[] = [];
  for (const { plan, cold } of colds) {
    const result = await orMissing(plan, measureWarm(slow, { plan, cold, say }));
    if (result !== null) results.push(result);
  }
  say(`load after it ${loadsNow()}`);
  return { results, missing };
}

async function measureWarm(slow: SlowPage, { plan, cold, say }: { plan: PagePlan; cold: PageLoad; say: BenchOptions['say'] }): Promise<PageResult> {
  const warm: PageLoad[] = [];
  for (let visit = 0; visit < WARM_VISITS; visit += 1) {
    const load = await slow.visit(plan);
    if (load !== null) warm.push(load);
  }
  const interactions: PageResult['interactions'] = [];
  for (const interaction of plan.interactions) {
    const figures = await slow.interact(interaction).catch((error: unknown) => {
      say(`${plan.name}: "${interaction.name}" did not come to its end: ${String(error).slice(0, 300)}`);
      return null;
    });
    interactions.push({ name: interaction.name, figures });
  }
  // As it was opened, for what is pressed may have led to another page.
  await slow.visit(plan);
  return { plan, cold, warm, interactions, hindrances: await slow.findHindrances() };
}

function sayResults({ results, missing }: Measured, say: (line: string) => void): BenchOutcome {
  const ms = (value: number) => String(Math.round(value));
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0);
  const of = ({ warm }: PageResult, figure: (load: PageLoad) => number) => medianOf(warm.map(figure));
  say('times in ms, of the app’s document; sizes in kB as sent');
  sayTable(
    [
      ['page', 'first data cold', 'warm', 'usable', 'LCP', 'CLS', 'server cold', 'warm', 'fetched later', 'longest task', 'document', 'scripts'],
      ...results.map((result) => [
        result.plan.name,
        ms(result.cold.dataMs),
        ms(of(result, ({ dataMs }) => dataMs)),
        ms(of(result, ({ usableMs }) => usableMs)),
        ms(of(result, ({ lcpMs }) => lcpMs)),
        clsOf(result).toFixed(4),
        ms(result.cold.serverMs),
        ms(of(result, ({ serverMs }) => serverMs)),
        ms(of(result, ({ fetchedMs }) => fetchedMs)),
        ms(of(result, ({ longestTaskMs }) => longestTaskMs)),
        kilobytes(of(result, ({ documentBytes }) => documentBytes)),
        kilobytes(of(result, ({ scriptBytes }) => scriptBytes)),
      ]),
    ],
    say,
  );
  sayTable(
    [
      ['interaction', 'INP', 'new data there', 'longest task'],
      ...results.flatMap(({ plan, interactions }) =>
        interactions.map(({ name, figures }) => [
          `${plan.name}: ${name}`,
          ...(figures === null ? ['not offered', '', ''] : [figures.inpMs === 0 ? '< 16' : ms(figures.inpMs), ms(figures.dataMs), ms(figures.longestTaskMs)]),
        ]),
      ),
    ],
    say,
  );
  for (const { plan, warm, interactions, hindrances } of results) {
    const shifts = interactions.at(-1)?.figures?.shifts ?? warm.at(-1)?.shifts ?? [];
    for (const shift of [...new Set([...warm.flatMap((load) => load.shifts), ...shifts])].slice(0, 5)) say(`${plan.name} moved: ${shift}`);
    for (const hindrance of hindrances) say(`${plan.name}, axe-core: ${hindrance}`);
  }
  const claims = results.flatMap(claimsOf);
  for (const name of missing) claims.push({ text: `${name} opens`, isKept: false });
  const firstDataMs = Math.max(...results.map(firstDataOf));
  return { ratio: FIRST_DATA_MS / firstDataMs, isKept: sayClaims(claims, say) };
}

/** Of the load and of all that was done after it; the worst of the visits. */
function clsOf({ warm, interactions }: PageResult): number {
  return Math.max(...warm.map(({ cls }) => cls), ...interactions.map(({ figures }) => figures?.cls ?? 0));
}

function firstDataOf({ warm }: PageResult): number {
  return medianOf(warm.map(({ dataMs }) => dataMs));
}

/** Of each page by itself: the worst of all would hide the others. */
function claimsOf(result: PageResult): Claim[] {
  const { plan, cold, interactions, hindrances } = result;
  const [firstDataMs, cls] = [firstDataOf(result), clsOf(result)];
  return [
    { text: `${plan.name}: first data cold in ${Math.round(cold.dataMs)} ms, within ${FIRST_DATA_MS}`, isKept: cold.dataMs <= FIRST_DATA_MS },
    { text: `${plan.name}: first data warm in ${Math.round(firstDataMs)} ms, within ${FIRST_DATA_MS}`, isKept: firstDataMs <= FIRST_DATA_MS },
    ...interactions.map(({ name, figures }) => ({
      text: `${plan.name}, ${name}: ${figures === null ? 'not offered' : `INP ${Math.round(figures.inpMs)} ms, within ${INTERACTION_MS}`}`,
      isKept: figures !== null && figures.inpMs <= INTERACTION_MS,
    })),
    { text: `${plan.name}: CLS ${cls.toFixed(4)}, within ${LAYOUT_SHIFT}`, isKept: cls <= LAYOUT_SHIFT },
    { text: `${plan.name}: ${hindrances.length} serious or critical to axe-core, none`, isKept: hindrances.length === 0 },
  ];
}

function loadsNow(): string {
  return loadavg().map((load) => load.toFixed(1)).join(', ');
}
