// Changes the key that seals tokens, webhooks and answers to data requests, while web and worker run.
//
//   1. Put the new key first in ENCRYPTION_KEYS, keep the old ones behind it, and start web and worker anew.
//   2. npm run rotate-keys                 seals every value anew under the first key; safe to cut off and to repeat
//   3. npm run rotate-keys -- --check      how many values still need which key; ends with 1 while any needs an old one
//   4. Set HASH_KEY to what stands behind the colon of the last key, if it is not set: it makes the hashes of
//      tombstones, and nothing starts with another. Then drop the old keys and start web and worker anew.
import { pool, prisma } from '#app/db.server.ts';
import { env } from '#app/env.server.ts';
import { sealedBox } from '#app/sealed-box.server.ts';
import { countKeyUses, rotateKeys } from '#app/services/privacy/rotate-keys.server.ts';

const count = new Intl.NumberFormat('en');

/** Whether every value is under the first key. */
async function check(): Promise<boolean> {
  const uses = await countKeyUses({ prisma, pool });
  for (const { column, keyId, values } of uses) {
    console.log(`${column}: ${count.format(values)} under ${keyId === null ? 'no key that can be told' : `key ${keyId}`}`);
  }
  const old = uses.filter(({ keyId }) => keyId !== sealedBox.activeKeyId);
  const needed = old.reduce((sum, { values }) => sum + values, 0);
  console.log(
    needed === 0
      ? `Nothing needs a key other than ${sealedBox.activeKeyId}.`
      : `${count.format(needed)} values need another key than ${sealedBox.activeKeyId}: no key may go yet.`,
  );
  const last = env.ENCRYPTION_KEYS.at(-1)?.id;
  if (env.HASH_KEY === undefined && env.ENCRYPTION_KEYS.length > 1) {
    console.log(`HASH_KEY is not set, so key ${last} makes the hashes too: set HASH_KEY to what stands behind its colon before it goes.`);
  }
  return needed === 0;
}

try {
  const [option, ...more] = process.argv.slice(2);
  if (more.length > 0 || (option !== undefined && option !== '--check')) throw new Error('Usage: npm run rotate-keys [-- --check]');
  if (option === undefined) {
    const { resealed, unreadable } = await rotateKeys({ prisma, pool, sealedBox });
    console.log(`${count.format(resealed)} values were sealed anew under key ${sealedBox.activeKeyId}.`);
    if (unreadable > 0) console.log(`${count.format(unreadable)} open with none of the keys and were left as they are.`);
  }
  if (!(await check())) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await prisma.$disconnect();
  await pool.end();
}
