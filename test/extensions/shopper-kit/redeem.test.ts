import { describe, expect, it } from 'vitest';

import { awaitCode, redeem } from '../../../extensions/shopper-kit/src/redeem.ts';
import { connectionOf } from '../support/turned-clock.ts';
import type { Reply } from '../support/turned-clock.ts';
import { aRedemption } from '#test/e2e/support/shopper-answers.ts';

const REQUEST = { rewardId: 'five', requestKey: '0f9b7a53-7e55-4a8e-9a3c-000000000001' };
const READY = aRedemption('r1');
const MAKING = aRedemption('r1', { state: 'making', code: null });

function wish(replies: Reply[], options: { answerMs?: number } = {}) {
  const connection = connectionOf(replies, options);
  const reserved: string[] = [];
  return { ...connection, reserved, spend: () => redeem(connection.app, REQUEST, ({ state }) => void reserved.push(state)) };
}

describe('spending points', () => {
  it('gives the code back at once where it is there', async () => {
    const { spend, seen, reserved } = wish([{ state: 'reserved', redemption: READY }]);
    expect(await spend()).toEqual({ kind: 'redeemed', redemption: READY });
    expect([seen.questions, reserved]).toEqual([1, []]);
    expect(seen.bodies).toEqual([REQUEST]);
  });

  it('waits for a code that is being made, and tells of it meanwhile', async () => {
    const making = { redemption: MAKING, retryAfterMs: 500 };
    const { spend, seen, reserved } = wish([{ state: 'reserved', redemption: MAKING }, making, { redemption: READY, retryAfterMs: null }]);
    expect(await spend()).toEqual({ kind: 'redeemed', redemption: READY });
    expect(reserved).toEqual(['making']);
    expect(seen.urls.at(-1)).toBe('https://app.example.com/api/shopper/redemption?id=r1');
  });

  it('leaves a code to the account when it is not made in half a minute', async () => {
    const making = { redemption: MAKING, retryAfterMs: 500 };
    const { spend, elapsedMs } = wish([{ state: 'reserved', redemption: MAKING }, making], { answerMs: 50 });
    expect(await spend()).toEqual({ kind: 'redeemed', redemption: MAKING });
    expect(elapsedMs()).toBeLessThan(40_000);
  });

  it('repeats a wish whose answer was lost with the same key', async () => {
    const { spend, seen } = wish([new TypeError('lost'), 503, { state: 'reserved', redemption: READY }]);
    expect(await spend()).toMatchObject({ kind: 'redeemed' });
    expect(seen.bodies).toEqual([REQUEST, REQUEST, REQUEST]);
  });

  it.each([
    ['a reason that is known', { state: 'refused', reason: 'limit-reached' }, 'limit-reached'],
    ['a reason from the future', { state: 'refused', reason: 'wrong-weather' }, 'trouble'],
    ['no answer of ours', { hello: 'there' }, 'trouble'],
    ['a redemption without an id', { state: 'reserved', redemption: { state: 'ready' } }, 'trouble'],
    ['a refusal of the question', 400, 'trouble'],
    ['an app that is down', 503, 'trouble'],
  ])('is refused for %s', async (_name, reply, reason) => {
    expect(await wish([reply]).spend()).toEqual({ kind: 'refused', reason });
  });

  it('asks nothing without a session token', async () => {
    const { app, spend, seen } = wish([{ state: 'reserved', redemption: READY }]);
    app.getSessionToken = () => Promise.reject(new Error('Signed out'));
    expect(await spend()).toEqual({ kind: 'refused', reason: 'trouble' });
    expect(seen.questions).toBe(0);
  });

  it('keeps what is known of a redemption where nothing more is to be learnt', async () => {
    expect(await awaitCode(connectionOf([404]).app, MAKING)).toEqual(MAKING);
  });
});
