import type { ShopContext } from '#app/services/shop-context.server.ts';
import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { bulkLine, bulkOrder } from '#test/support/bulk-lines.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { scriptBulk } from '#test/support/scripted-bulk.ts';
import { promiseOf } from './promise.ts';

/** What one line of a file should come to, said by whoever made it. */
interface Written {
  bytes: Buffer;
  is: { kind: 'order'; id: string; name: string } | { kind: 'line'; id: string; orderId: string } | { kind: 'bad' } | { kind: 'blank' };
}

const order = (id: number | string, changes: Record<string, unknown> = {}): Written => {
  const body = bulkOrder(id, changes);
  return { bytes: Buffer.from(JSON.stringify(body)), is: { kind: 'order', id: String(id), name: String(body['name']) } };
};
const line = (orderId: number | string, id: number | string, changes: Record<string, unknown> = {}): Written => ({
  bytes: Buffer.from(JSON.stringify(bulkLine(orderId, id, changes))),
  is: { kind: 'line', id: String(id), orderId: String(orderId) },
});
const bad = (bytes: Buffer | string): Written => ({ bytes: Buffer.from(bytes), is: { kind: 'bad' } });

const ORDERS = 8;
const LINES = 2;
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
/** A good line with something more in it, written as text because no object can have it. */
const withMore = ({ bytes, is }: Written, more: string): Written => ({ is, bytes: Buffer.from(`${bytes.toString().slice(0, -1)},${more}}`) });

type Choices<T> = readonly [T, ...T[]];

const WRONG_ORDERS: Choices<Record<string, unknown>> = [
  { id: 7 }, { id: 'gid://shopify/Order/x' }, { id: `gid://shopify/Order/${'9'.repeat(20)}` }, { test: null }, { name: ['#1'] }, { currencyCode: 'XXX' },
  { updatedAt: 'yesterday' }, { processedAt: '2026-02-30T00:00:00Z' }, { createdAt: '0000-01-01T00:00:00Z' }, { refunds: {} }, { customer: 'somebody' },
  { totalReceivedSet: null }, { totalReceivedSet: { shopMoney: { amount: 27, currencyCode: 'EUR' } } },
  { totalReceivedSet: { shopMoney: { amount: '27.001', currencyCode: 'EUR' } } }, { totalReceivedSet: { shopMoney: { amount: '27', currencyCode: 'JPY' } } },
  { fulfillments: [{ id: 'gid://shopify/Fulfillment/1' }] }, { taxesIncluded: 'yes' }, { discountCodes: [1] },
];
const WRONG_LINES: Choices<Record<string, unknown>> = [
  { id: null }, { quantity: 1.5 }, { quantity: 3_000_000_000 }, { title: null }, { __parentId: 'nobody' }, { product: { id: 5 } },
  { originalTotalSet: { shopMoney: { amount: '1e3', currencyCode: 'EUR' } } }, { discountedTotalSet: {} },
];

type Mutation = (lines: Written[], random: SeededRandom) => void;

const anyIndex = (lines: readonly Written[], random: SeededRandom): number => random.between(0, lines.length - 1);
const insert = (lines: Written[], random: SeededRandom, written: Written): void => void lines.splice(random.between(0, lines.length), 0, written);
const replace = (lines: Written[], random: SeededRandom, make: (old: Written) => Written): void => {
  const index = anyIndex(lines, random);
  const old = lines[index];
  if (old && old.is.kind !== 'blank') lines[index] = make(old);
};

const MUTATIONS: Choices<Mutation> = [
  (lines, random) => replace(lines, random, ({ bytes }) => bad(bytes.subarray(0, random.between(1, bytes.length - 1)))),
  (lines, random) =>
    replace(lines, random, ({ bytes }) => {
      const at = random.between(1, bytes.length - 1);
      return bad(Buffer.concat([bytes.subarray(0, at), Buffer.from([random.between(0xf8, 0xff)]), bytes.subarray(at)]));
    }),
  (lines, random) => replace(lines, random, ({ bytes }) => bad(bytes.subarray(1))),
  (lines, random) => insert(lines, random, bad(random.pick(['[1]', 'null', '7', '"text"', '{', '}', '\u0000', nested(10_000), '{"a":'.repeat(10_000)]))),
  (lines, random) => insert(lines, random, { bytes: Buffer.from(random.pick(['', '\r'])), is: { kind: 'blank' } }),
  (lines, random) => insert(lines, random, { ...order(random.between(1, ORDERS), random.pick(WRONG_ORDERS)), is: { kind: 'bad' } }),
  (lines, random) => insert(lines, random, { ...line(random.between(1, ORDERS), 900, random.pick(WRONG_LINES)), is: { kind: 'bad' } }),
  (lines, random) => replace(lines, random, (old) => withMore(old, '"__proto__":{"test":true,"name":"x"},"constructor":{"prototype":{"name":"y"}}')),
  (lines, random) => replace(lines, random, (old) => withMore(old, `"novelty":${nested(10_000)}`)),
  // An orphan, whose order is nowhere.
  (lines, random) => insert(lines, random, line(404, random.between(1_000, 9_000))),
  // Ids that no number holds.
  (lines, random) => {
    const id = `90071992547409${random.between(93, 99)}`;
    insert(lines, random, order(id));
    insert(lines, random, line(id, `${id}1`));
  },
  // One order or line twice, alike or in a later version.
  (lines, random) => {
    const copied = lines[anyIndex(lines, random)];
    if (copied) insert(lines, random, copied);
  },
  (lines, random) => insert(lines, random, order(random.between(1, ORDERS), { name: 'later', updatedAt: '2026-05-01T00:00:00Z' })),
  // Children before their parents, and anywhere.
  (lines, random) => {
    for (let index = lines.length - 1; index > 0; index -= 1) {
      const other = random.between(0, index);
      const [a, b] = [lines[index], lines[other]];
      if (a && b) [lines[index], lines[other]] = [b, a];
    }
  },
  (lines, random) => {
    const id = random.between(1, ORDERS);
    const at = lines.findIndex(({ is }) => is.kind === 'order' && is.id === String(id));
    if (at >= 0) lines.splice(at, 1);
  },
];

interface MadeFile {
  bytes: Buffer;
  objects: number;
  isCut: boolean;
  written: Written[];
}

function makeFile(random: SeededRandom, isHuge: boolean): MadeFile {
  const written: Written[] = [];
  for (let id = 1; id <= ORDERS; id += 1) {
    written.push(order(id));
    for (let nth = 1; nth <= LINES; nth += 1) written.push(line(id, id * 10 + nth));
  }
  for (let count = random.between(1, 4); count > 0; count -= 1) random.pick(MUTATIONS)(written, random);
  if (isHuge) replace(written, random, (old) => withMore(old, `"note":"${'x'.repeat(10_000_000)}"`));
  const end = random.pick(['\n', '\n', '\r\n']);
  const parts = written.flatMap(({ bytes }) => [bytes, Buffer.from(end)]);
  if (random.chance(0.1)) parts.unshift(Buffer.from('\uFEFF'));
  const whole = Buffer.concat(parts);
  const objects = written.filter(({ is }) => is.kind !== 'blank').length;
  if (!random.chance(0.2)) return { bytes: whole, objects, isCut: false, written };
  const bytes = whole.subarray(0, random.between(0, whole.length - 1));
  return { bytes, objects, isCut: !endsAfterLastObject(whole, bytes, written), written };
}

/** The cut took only the end of the last line, or blank ones. */
function endsAfterLastObject(whole: Buffer, kept: Buffer, written: readonly Written[]): boolean {
  const last = written.findLast(({ is }) => is.kind !== 'blank');
  return last !== undefined && last.is.kind !== 'bad' && kept.length >= whole.lastIndexOf(last.bytes) + last.bytes.length;
}

interface Expected {
  orders: Map<string, string>;
  lines: string[];
  refused: number[];
}

/** Told from what was written, without reading it. */
function expectedOf({ written }: MadeFile): Expected {
  const orders = new Map<string, string>();
  for (const { is } of written) if (is.kind === 'order' && orders.get(is.id) !== 'later') orders.set(is.id, is.name);
  const refused: number[] = [];
  const lines = new Set<string>();
  written.forEach(({ is }, index) => {
    const isLost = is.kind === 'line' && !orders.has(is.orderId);
    if (is.kind === 'bad' || isLost) refused.push(index + 1);
    else if (is.kind === 'line') lines.add(`${is.orderId} ${is.id}`);
  });
  return { orders, lines: [...lines].sort(), refused };
}

class Ground {
  readonly #faulty: FaultyApp;
  readonly #context: ShopContext;

  constructor(faulty: FaultyApp, context: ShopContext) {
    this.#faulty = faulty;
    this.#context = context;
  }

  async import({ bytes, objects }: Pick<MadeFile, 'bytes' | 'objects'>): Promise<Record<string, unknown>> {
    const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
    // Quicker than TRUNCATE for so few rows; lines, refunds and fulfilments go with their orders.
    await this.#faulty.owner.query('DELETE FROM orders; DELETE FROM imports');
    // The third attempt, so that a file that is cut ends it.
    await this.#faulty.owner.query(
      `INSERT INTO imports (shop_id, import_id, resource, state, attempts, bulk_operation_id, requested_at)
       VALUES ($1, gen_random_uuid(), 'orders', 'running', 2, 'gid://shopify/BulkOperation/1', now())`,
      [this.#context.shop.shopId],
    );
    this.#faulty.proxy.clear();
    this.#faulty.proxy.plan = scriptBulk([{ objectCount: objects, file: bytes }]);
    await advanceImports(this.#context);
    const [pull] = await this.#faulty.rows('SELECT state, error_code, objects_stored, objects_rejected, error_detail FROM imports');
    return pull ?? {};
  }

  /** All that is kept of each order, and under which it came in. */
  async rows(): Promise<{ orders: Map<string, string>; lines: Map<string, string> }> {
    const orders = await this.#faulty.rows(
      `SELECT order_id::text AS id, concat_ws(' ', (to_jsonb(o) - '{import_id,data_version}'::text[])::text,
         (SELECT jsonb_agg(to_jsonb(r)) FROM refunds r WHERE r.order_id = o.order_id)::text,
         (SELECT jsonb_agg(to_jsonb(f)) FROM fulfillments f WHERE f.order_id = o.order_id)::text) AS row FROM orders o`,
    );
    const lines = await this.#faulty.rows("SELECT order_id || ' ' || line_id AS id, to_jsonb(l)::text AS row FROM order_lines l");
    const mapOf = (rows: Record<string, unknown>[]) => new Map(rows.map((row) => [String(row['id']), String(row['row'])]));
    return { orders: mapOf(orders), lines: mapOf(lines) };
  }
}

function problemsOf(made: MadeFile, pull: Record<string, unknown>): string[] {
  const { orders, refused } = expectedOf(made);
  if (made.isCut) return pull['state'] === 'failed' && pull['error_code'] === 'file-cut-short' ? [] : ['a cut that was not seen'];
  const problems: string[] = [];
  const isEmpty = orders.size === 0 && refused.length === made.objects;
  if (pull['state'] !== (isEmpty && made.objects > 0 ? 'failed' : 'completed')) problems.push(`ended as ${String(pull['state'])} ${String(pull['error_code'])}`);
  if (pull['objects_rejected'] !== refused.length) problems.push(`${String(pull['objects_rejected'])} refused of ${refused.length}`);
  if (Number(pull['objects_stored']) + Number(pull['objects_rejected']) !== made.objects) problems.push('counts do not add up');
  const named = String(pull['error_detail'] ?? '').split('\n').flatMap((text) => /^line (\d+): ./.exec(text)?.[1] ?? []).map(Number);
  if (named.sort((a, b) => a - b).join() !== refused.slice(0, 20).join()) problems.push(`lines ${named.join()} named of ${refused.join()}`);
  return problems;
}

function wrongRows(made: MadeFile, rows: Awaited<ReturnType<Ground['rows']>>, untouched: ReadonlyMap<string, string>): number {
  const { orders, lines } = expectedOf(made);
  const isRight = (id: string, row: string): boolean => {
    const name = orders.get(id);
    if (name === undefined) return false;
    // What a later version or an id beyond all others should be in full is told by its name.
    return name === `#${id}` && untouched.has(id) ? row === untouched.get(id) : row.includes(`"name": "${name}"`);
  };
  let wrong = 0;
  for (const [id, row] of rows.orders) if (!isRight(id, row) && !made.isCut) wrong += 1;
  for (const [id, row] of rows.lines) if (!lines.includes(id) || (untouched.has(id) && row !== untouched.get(id))) wrong += 1;
  // Of a file that is cut short nothing need be there.
  if (!made.isCut) wrong += Math.abs(orders.size - rows.orders.size) + Math.abs(lines.length - rows.lines.size);
  return wrong;
}

promiseOf('S4', 'mutated files', async ({ seed, pick }) => {
  // Each 75th is a large one.
  const files = pick(75, 5_000);
  const store = syntheticStore(1);
  const faulty = await startFaultyApp(store);
  try {
    const ground = new Ground(faulty, await faulty.app.install(store.shop.domain));
    const clean = makeCleanFile();
    await ground.import(clean);
    const { orders, lines } = await ground.rows();
    const untouched = new Map([...orders, ...lines]);
    const random = seededRandom(seed);
    const broken: string[] = [];
    const sums = { crashes: 0, wrong: 0, refused: 0, cuts: 0 };
    for (let file = 0; file < files; file += 1) {
      const made = makeFile(random.fork(`file ${file}`), file % 75 === 74);
      try {
        const pull = await ground.import(made);
        const problems = problemsOf(made, pull);
        const wrong = wrongRows(made, await ground.rows(), untouched);
        if (problems.length + wrong > 0) broken.push(`file ${file}: ${[...problems, `${wrong} wrong rows`].join(', ')}`);
        sums.wrong += wrong;
        sums.refused += Number(pull['objects_rejected']);
        sums.cuts += made.isCut ? 1 : 0;
      } catch (error) {
        sums.crashes += 1;
        broken.push(`file ${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return {
      tried: `${files} files`,
      measured: `${sums.crashes} crashes, ${sums.wrong} wrong rows, ${sums.refused} bad lines named, ${sums.cuts} cuts seen${broken.length > 0 ? `; ${broken.length} broken: ${broken.slice(0, 3).join(' | ')}` : ''}`,
      isKept: broken.length === 0,
    };
  } finally {
    await faulty.stop();
  }
});

function makeCleanFile(): Pick<MadeFile, 'bytes' | 'objects'> {
  const written: Written[] = [];
  for (let id = 1; id <= ORDERS; id += 1) written.push(order(id), ...Array.from({ length: LINES }, (_, nth) => line(id, id * 10 + nth + 1)));
  return { bytes: Buffer.concat(written.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])), objects: written.length };
}
