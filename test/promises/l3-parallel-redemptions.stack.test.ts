import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

import { afterAll, beforeAll } from 'vitest';

import type { RedeemAnswer } from '#app/contracts/shopper-loyalty.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop, type LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { givePoints } from '#test/support/loyalty/give-points.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { endOf } from '#test/support/worker-process.ts';
import { promiseOf } from './promise.ts';

const NOW = new Date('2026-03-02T10:00:00Z');
const BALANCE = 100;
const PROCESSES = 2;
const TOKEN_SECONDS = 300;

let shop: LoyaltyShop;
let webs: { child: ChildProcess; url: string }[];

beforeAll(async () => {
  shop = await openLoyaltyShop();
  shop.setClock(NOW);
  const [reward] = aProgram().rewards;
  if (reward === undefined) throw new Error('no reward');
  const amounts = [{ currency: 'EUR', amountMinor: 1 }];
  const single = { ...reward, gives: { kind: 'any-amount' as const, pointsAStep: 1, leastPoints: 1, mostPoints: null, amounts } };
  await shop.saveProgram(aProgram({ rewards: [single] }));
  webs = await Promise.all(Array.from({ length: PROCESSES }, startWeb));
});

afterAll(async () => {
  for (const { child } of webs) child.kill('SIGKILL');
  await Promise.all(webs.map(({ child }) => endOf(child)));
  await shop.stop();
});

/** Each with a pool of 20 of its own. */
async function startWeb(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['test/support/web-without-limits.cli.ts'], {
    cwd: PROJECT_DIR,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error('web ended')))])) as [Buffer];
  return { child, url: `http://127.0.0.1:${port.toString().trim()}` };
}

/** As the loyalty page asks for it. */
async function redeemOne(url: string, customerId: bigint): Promise<{ status: number; answer: RedeemAnswer | null }> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = { dest: shop.context.shop.domain, aud: process.env['SHOPIFY_API_KEY'], exp: nowSeconds + TOKEN_SECONDS, nbf: nowSeconds - 1, iat: nowSeconds - 1, jti: randomUUID(), sub: `gid://shopify/Customer/${customerId}` };
  const response = await fetch(`${url}/api/shopper/redemptions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${signSessionToken(claims, process.env['SHOPIFY_API_SECRET'] ?? '')}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ rewardId: 'any-amount', points: 1, requestKey: randomUUID() }),
  });
  return { status: response.status, answer: response.status === 200 ? ((await response.json()) as RedeemAnswer) : (await response.text(), null) };
}

promiseOf('L3', 'from a balance of 100, one by one, by two web processes', async ({ pick }) => {
  const [rounds, asked] = [pick(1, 20), pick(300, 1_000)];
  const counts = { won: 0, refused: 0, failed: 0, other: 0, wrongEnds: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    const customerId = BigInt(round);
    await givePoints(shop.context, { customerId, points: BALANCE, key: `l3/${round}` });
    const answers = await Promise.all(Array.from({ length: asked }, (_, index) => redeemOne(webs[index % PROCESSES]?.url ?? '', customerId)));
    for (const { status, answer } of answers) {
      if (answer?.state === 'reserved') counts.won += 1;
      else if (answer?.state === 'refused' && answer.reason === 'insufficient-points') counts.refused += 1;
      else if (status >= 500) counts.failed += 1;
      else counts.other += 1;
    }
    if (!(await endsRight(customerId))) counts.wrongEnds += 1;
  }
  return {
    tried: `${rounds} times ${asked.toLocaleString('en')} redemptions of 1 point at once, over HTTP, behind the request limits`,
    measured: `${counts.won} won, ${counts.refused.toLocaleString('en')} refused for want of points, ${counts.failed} of 5xx, ${counts.other} anything else, ${counts.wrongEnds} wrong balances`,
    isKept: counts.won === rounds * BALANCE && counts.refused === rounds * (asked - BALANCE) && counts.failed + counts.other + counts.wrongEnds === 0,
  };
});

/** Nothing left, all of it put aside, and at no entry below 0. */
async function endsRight(customerId: bigint): Promise<boolean> {
  const { rows } = await shop.owner.query<{ least: number; balance: number; reserved: number; redemptions: number }>(
    `WITH steps AS (
       SELECT p.account, sum(sum(p.points)) OVER (PARTITION BY p.account ORDER BY p.sequence) AS after, sum(p.points) AS points
       FROM loyalty_members m JOIN loyalty_postings p USING (shop_id, member_id) WHERE m.customer_id = $1 GROUP BY p.account, p.sequence)
     SELECT min(after) FILTER (WHERE account = 'customer')::int AS least,
       sum(points) FILTER (WHERE account = 'customer')::int AS balance, sum(points) FILTER (WHERE account = 'reserved')::int AS reserved,
       (SELECT count(*)::int FROM loyalty_redemptions r JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id = $1) AS redemptions
     FROM steps`,
    [String(customerId)],
  );
  const [end] = rows;
  return end?.least === 0 && end.balance === 0 && end.reserved === BALANCE && end.redemptions === BALANCE;
}
