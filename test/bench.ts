import { arch, cpus, platform, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { bundles } from '#test/bench/bundles.ts';
import { embed } from '#test/bench/embed.ts';
import { importThroughput } from '#test/bench/import-throughput.ts';
import { loyalty } from '#test/bench/loyalty.ts';
import { fit } from '#test/bench/fit.ts';
import { pages } from '#test/bench/pages.ts';
import { reportThroughput } from '#test/bench/report-throughput.ts';
import { retention } from '#test/bench/retention.ts';
import { shopperApi } from '#test/bench/shopper-api.ts';
import type { Bench } from '#test/bench/bench.ts';

/*
 * What Perennial claims of its speed, each as a ratio to a named rival in the same run on the same machine.
 *   npm run bench                        runs all
 *   npm run bench -- --list              names each bench, its rival and its claim
 *   npm run bench -- --only import       runs one; several are parted by commas
 *   npm run bench -- --orders 200000     another size than the usual
 *   npm run bench -- --full              ten million orders as well, where a bench goes so far
 *   npm run bench -- --no-sql            without PostgreSQL as a rival, which is what takes the time
 */
const BENCHES: readonly Bench[] = [importThroughput, retention, fit, reportThroughput, loyalty, pages, bundles, embed, shopperApi];

const { values } = parseArgs({
  options: {
    list: { type: 'boolean' },
    only: { type: 'string' },
    orders: { type: 'string' },
    full: { type: 'boolean' },
    'no-sql': { type: 'boolean' },
  },
});

if (values.list) {
  for (const { name, rival, claim } of BENCHES) console.log(`${name.padEnd(11)} against ${rival}: ${claim}`);
  process.exit(0);
}
const wanted = values.only?.split(',').map((name) => name.trim()) ?? BENCHES.map(({ name }) => name);
const unknown = wanted.filter((name) => BENCHES.every((bench) => bench.name !== name));
if (unknown.length > 0 || (values.orders !== undefined && !/^[1-9]\d*$/.test(values.orders))) {
  console.error(unknown.length > 0 ? `No bench is called ${unknown.join(', ')}; --list names them.` : '--orders wants a whole number.');
  process.exit(2);
}

const [processor] = cpus();
console.log(`Node ${process.versions.node}, ${platform()} ${arch()}, ${cpus().length} x ${processor?.model.trim() || 'unnamed processor'}, ${Math.round(totalmem() / 2 ** 30)} GB`);
let isKept = true;
for (const bench of BENCHES.filter(({ name }) => wanted.includes(name))) {
  console.log(`\n${bench.name}: ${bench.claim}`);
  const outcome = await bench.run({
    orders: values.orders === undefined ? null : Number(values.orders),
    isFull: values.full === true,
    isWithoutSql: values['no-sql'] === true,
    say: (line) => console.log(`  ${line}`),
  });
  if (outcome.ratio !== null) console.log(`  ratio ${outcome.ratio.toFixed(2)}: ${outcome.isKept ? 'holds' : 'DOES NOT HOLD'}`);
  isKept &&= outcome.isKept;
}
process.exit(isKept ? 0 : 1);
