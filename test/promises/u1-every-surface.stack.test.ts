import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { isSound, sayCells } from '#test/e2e/surfaces/say-cells.ts';
import { FAILS, STATES } from '#test/e2e/surfaces/states.ts';
import { ANNA, BEN, SEGMENT_ID, SURFACES } from '#test/e2e/surfaces/surfaces.ts';
import { tryCell } from '#test/e2e/surfaces/try-cell.ts';
import type { Cell } from '#test/e2e/surfaces/try-cell.ts';
import { aCustomer, startShopperStage } from '#test/e2e/support/shopper-stage.ts';
import type { ShopperStage } from '#test/e2e/support/shopper-stage.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { promiseOf } from './promise.ts';

const FOLDER = join(PROJECT_DIR, '.perennial', 'surfaces');
const SMALL_CELLS = 3;

const EVERY = SURFACES.flatMap((surface) => STATES.map((state) => ({ surface, state })));
/** Those that take seconds of waiting each have tests of their own, for every surface of shoppers. */
const QUICK = EVERY.filter(({ surface, state }) => state !== 'app slow' && FAILS[state] === undefined && !('cannot' in surface.expects(state)));

promiseOf('U1', 'every surface in every state', async ({ size, seed, pick }) => {
  const stage = await startShopperStage();
  populate(stage);
  const random = seededRandom(seed);
  const wanted = pick(
    Array.from({ length: SMALL_CELLS }, () => QUICK[random.between(0, QUICK.length - 1)]).flatMap((cell) => cell ?? []),
    EVERY,
  );
  const cells: Cell[] = [];
  try {
    for (const { surface, state } of wanted) cells.push(await tryCell(stage, surface, state, size === 'long' ? shoot : async () => {}));
  } finally {
    await stage.close();
  }
  if (size === 'long') keep(cells);
  const seen = cells.filter(({ cannot }) => cannot === null);
  const sum = (of: (cell: Cell) => number) => seen.reduce((total, cell) => total + of(cell), 0);
  const controls = sum(({ keyboard }) => keyboard.controls);
  const wrong = cells.filter((cell) => !isSound(cell));
  return {
    tried: `${SURFACES.length} surfaces, ${seen.length} cells seen, ${cells.length - seen.length} that cannot be`,
    measured: [
      `${sum(({ problem }) => (problem === null ? 0 : 1))} not as they should be`,
      `axe ${sum(({ hindrances }) => hindrances.length)}`,
      `wider than 320 px ${sum(({ overflow }) => overflow.length)}`,
      `console ${sum(({ complaints }) => complaints.length)}`,
      `${controls - sum(({ keyboard }) => keyboard.missed.length)} of ${controls} controls reached`,
      ...wrong.map(({ surface, state, ...found }) => `${surface}, ${state}: ${JSON.stringify(found)}`),
    ].join('; '),
    isKept: wrong.length === 0,
  };
});

function populate({ simulator: { shop, app } }: ShopperStage): void {
  const at = '2026-01-01T00:00:00.000Z';
  const field = (id: number, key: string, type: string, value: string) => ({ id, namespace: `app--${app.clientId}--loyalty`, key, type, value });
  const metafields = [
    field(1, 'points', 'number_integer', '1240'),
    field(2, 'pending_points', 'number_integer', '120'),
    field(3, 'tier_name', 'single_line_text_field', 'Silver'),
  ];
  shop.save('customer', { ...aCustomer(ANNA.id, ANNA.email), metafields });
  shop.save('customer', aCustomer(BEN.id, BEN.email));
  shop.save('segment', { id: SEGMENT_ID, name: 'Regulars', query: 'number_of_orders >= 2', creationDate: at, lastEditDate: at, isDeleted: false });
}

async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`), fullPage: true });
}

/** The table and the pictures, for people to look at. */
function keep(cells: readonly Cell[]): void {
  mkdirSync(FOLDER, { recursive: true });
  const { BUILT_PROJECT } = process.env;
  writeFileSync(join(FOLDER, 'table.md'), sayCells(cells, BUILT_PROJECT === undefined ? 'built here with the options of Shopify’s CLI' : 'as shopify app build left them'));
  console.info(`The table and the pictures of its cells are in ${FOLDER}`);
}
