// Looks through every installed shop for what must not be, and through the database for what would let one shop see
// another. Prints what it found, and ends with 1 when that is anything.
//
//   npm run check                 all installed shops
//   npm run check -- SHOP         one of them
//
// SHOP is the domain, example.myshopify.com. It reads only, as the app's own role, and needs the environment that web
// and worker run in. What each word means and what to do: RUNBOOK.md beside this file.
import { pool, prisma } from '#app/db.server.ts';
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { checkShops, isHealthy, type HealthReport } from '#app/services/operations/check-shops.server.ts';

const TIMEOUT_MS = 10 * 60 * 1000;

function linesOf({ database, shops }: HealthReport): string[] {
  return [
    ...database.map((offence) => `database  ${offence}`),
    ...shops.flatMap(({ domain, offences, problem }) => [
      ...(problem === null ? [] : [`${domain}  ${problem}`]),
      ...offences.map(({ code, count, samples }) => `${domain}  ${code}  ${count}  (${samples.join(', ')})`),
    ]),
  ];
}

try {
  const [domain] = process.argv.slice(2);
  const shop = domain === undefined ? null : await findShop(prisma, domain);
  if (domain !== undefined && shop === null) throw new Error(`No shop ${domain} is known. Give its domain, example.myshopify.com.`);
  const range = shop === null ? {} : { after: shop.shopId - 1, limit: 1 };
  const report = await checkShops({ prisma, pool, sealedBox, now: systemRuntime.now }, { ...range, timeoutMs: TIMEOUT_MS });
  for (const line of linesOf(report)) console.log(line);
  console.log(`${report.shops.length} shops looked through: ${isHealthy(report) ? 'all is well' : 'see above'}`);
  process.exitCode = isHealthy(report) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
