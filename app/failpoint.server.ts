import { env } from '#app/env.server.ts';

/**
 * Places where a test may end or break the process: each is a moment at which half of something has happened. The list
 * is whole, so that a test can prove that it hit every one.
 */
export const FAILPOINTS = [
  'import-before-ask',
  'import-after-ask',
  'import-after-download',
  'import-inside-batch',
  'import-after-batch',
  'import-before-finish',
  'webhook-before-store',
  'webhook-after-fetch',
  'webhook-inside-store',
  'webhook-before-mark',
  'token-before-refresh',
  'token-after-refresh',
  'offer-after-intent',
  'offer-after-issue',
  'pool-after-intent',
  'pool-after-send',
  'discount-after-intent',
  'discount-after-send',
  'credit-after-intent',
  'credit-after-send',
  'reconcile-after-ask',
  'reconcile-inside-compare',
  'reconcile-inside-repair',
  'reconcile-inside-compare-customers',
  'reconcile-inside-repair-customers',
  'redact-inside',
  'segment-after-intent',
  'segment-after-send',
  'award-after-read',
  'award-inside',
  'member-time-inside',
  'redeem-inside',
  'redemption-after-intent',
  'redemption-after-send',
  'redemption-before-settle',
  'trace-after-intent',
  'trace-after-send',
  'flow-after-intent',
  'flow-after-send',
  'invite-after-intent',
  'invite-after-send',
  'gift-after-read',
  'gift-inside',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

export class FailpointError extends Error {
  override name = 'FailpointError';
}

const strangers = [...env.FAILPOINTS.keys()].filter((name) => !FAILPOINTS.some((known) => known === name));
if (strangers.length > 0) throw new Error(`No failpoint is called ${strangers.join(', ')}`);

const passed = new Map<Failpoint, number>();

/**
 * Does what FAILPOINTS says of this place: `import-after-batch=kill@3` ends the process the third time it is passed.
 * Without that variable it is an empty function; production refuses to start with it (env.server.ts). `kill` ends the
 * process as SIGKILL does, `throw` throws FailpointError, `hang` never comes back, `note` only says on standard error that
 * the place was passed.
 */
export const failpoint: (name: Failpoint) => Promise<void> = env.FAILPOINTS.size === 0 ? async () => {} : pass;

async function pass(name: Failpoint): Promise<void> {
  const count = (passed.get(name) ?? 0) + 1;
  passed.set(name, count);
  const plan = env.FAILPOINTS.get(name);
  if (!plan || plan.atPass !== count) return;
  process.stderr.write(`failpoint ${name} ${plan.action}\n`);
  if (plan.action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (plan.action === 'hang' || plan.action === 'kill') await new Promise(() => {});
  if (plan.action === 'throw') throw new FailpointError(`failpoint ${name}`);
}
