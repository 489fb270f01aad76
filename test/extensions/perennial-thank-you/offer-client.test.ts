import { describe, expect, it } from 'vitest';

import { fetchOffer } from '../../../extensions/perennial-thank-you/src/offer-client.ts';
import { connectionOf } from '../support/turned-clock.ts';
import type { Reply } from '../support/turned-clock.ts';

const READY = { state: 'ready', code: 'BACK-ABCD2345', percentBasisPoints: 1500, endsAt: '2026-12-21T23:59:59Z' };
const PENDING = { state: 'pending', retryAfterMs: 400 };
const PROMISED = { ...PENDING, isPromised: true };

const EUROS = { amountMinor: 500, currency: 'EUR', decimals: 2 };
const GRANTED = { state: 'granted', gives: { kind: 'free-shipping' }, code: 'BACK-ABCD2345', endsAt: '2026-11-24T18:00:00Z', countsDown: false };

/** A block that asks for the offer of one order, with a clock that moves only by waiting. */
function clientOf(replies: Reply[], options: { answerMs?: number } = {}) {
  const { app, seen: connection, page, elapsedMs } = connectionOf(replies, options);
  const seen = Object.assign(connection, { promises: 0, texts: {} as Record<string, string> });
  const ask = () =>
    fetchOffer(app, { orderId: 'gid://shopify/OrderIdentity/7', locale: 'pt-BR' }, { onPromised: () => void (seen.promises += 1), onTexts: (texts) => void (seen.texts = texts) });
  return { app, ask, seen, page, elapsedMs };
}

describe('asking for the offer of an order', () => {
  it('gives a ready offer back at once, with what an older server leaves out filled in', async () => {
    const { ask, seen } = clientOf([READY]);
    expect(await ask()).toEqual({ ...READY, minimumSubtotal: null, isPersonal: false });
    expect(seen).toMatchObject({ waits: [], tokens: 1, promises: 0, questions: 1 });
  });

  it.each([
    ['free shipping', {}],
    ['an amount', { gives: { kind: 'amount', amount: EUROS } }],
    ['a percentage for hours', { gives: { kind: 'percent', percentBasisPoints: 1_000 } }],
    ['store credit', { gives: { kind: 'store-credit', amount: EUROS }, code: null }],
  ])('gives %s back, with nothing to count down', async (_name, changes) => {
    const reply = { ...GRANTED, ...changes };
    expect(await clientOf([reply]).ask()).toEqual({ ...reply, minimumSubtotal: null, isPersonal: false, countsDownToMs: null });
  });

  it('counts down by the server’s clock, however wrong the buyer’s is', async () => {
    const { app, ask } = clientOf([{ ...GRANTED, countsDown: true, asOf: '2026-11-24T12:00:00.000Z' }]);
    expect(await ask()).toMatchObject({ countsDownToMs: app.nowMs() + 6 * 3_600_000 });
    const older = clientOf([{ ...GRANTED, countsDown: true }]);
    expect(await older.ask()).toMatchObject({ countsDownToMs: Date.parse(GRANTED.endsAt) });
  });

  it('asks more and more rarely while the order is on its way, with a fresh token each time', async () => {
    const { ask, seen } = clientOf([PENDING, PENDING, PENDING, READY]);
    expect(await ask()).toMatchObject({ state: 'ready' });
    expect(seen).toMatchObject({ tokens: 4, promises: 0 });
    expect(seen.waits[0]).toBe(400);
    expect(seen.waits).toEqual([...seen.waits].sort((a, b) => a - b));
  });

  it('tells of a code once, when the server has promised it', async () => {
    const { ask, seen } = clientOf([PENDING, PROMISED, PROMISED, READY]);
    await ask();
    expect(seen).toMatchObject({ questions: 4, promises: 1 });
  });

  it('stops quietly after three quarters of a minute', async () => {
    const { ask, seen, elapsedMs } = clientOf([PENDING], { answerMs: 100 });
    expect(await ask()).toBeNull();
    expect(elapsedMs()).toBeGreaterThanOrEqual(45_000);
    expect(elapsedMs()).toBeLessThan(51_000);
    expect(seen.questions).toBeLessThan(20);
  });

  it.each([
    ['a server that asks to be asked at once', { state: 'pending', retryAfterMs: 0 }],
    ['a server that asks for nonsense', { state: 'pending', retryAfterMs: 'soon' }],
  ])('does not hurry for %s', async (_name, reply) => {
    const { ask, seen } = clientOf([reply, READY]);
    await ask();
    expect(seen.waits).toEqual([300]);
  });

  it.each([401, 429, 500, 503])('tries again after %s, and gives up after four', async (status) => {
    const { ask, seen } = clientOf([status]);
    expect(await ask()).toBeNull();
    expect(seen.questions).toBe(4);
    const passing = clientOf([status, status, READY]);
    expect(await passing.ask()).toMatchObject({ state: 'ready' });
  });

  it.each([400, 403, 404, 410])('does not ask again after %s', async (status) => {
    const { ask, seen } = clientOf([status]);
    expect(await ask()).toBeNull();
    expect(seen.questions).toBe(1);
  });

  it.each([
    ['no offer', { state: 'none' }],
    ['a state from the future', { state: 'wheel-of-fortune', code: 'X' }],
    ['a ready offer without a code', { ...READY, code: undefined }],
    ['a ready offer without an end', { ...READY, endsAt: undefined }],
    ['a gift from the future', { ...GRANTED, gives: { kind: 'puppy' } }],
    ['an amount that is none', { ...GRANTED, gives: { kind: 'amount', amount: '5' } }],
    ['a gift without a code', { ...GRANTED, code: null }],
    ['a list', []],
    ['null', 'null'],
  ])('shows nothing for %s', async (_name, reply) => {
    expect(await clientOf([reply]).ask()).toBeNull();
  });

  it.each([
    ['the network fails', new TypeError('Failed to fetch')],
    ['a page comes instead of JSON', '<html>'],
  ])('never throws when %s', async (_name, reply) => {
    expect(await clientOf([reply]).ask()).toBeNull();
  });

  it('asks nothing without a session token', async () => {
    const { app, ask, seen } = clientOf([READY]);
    app.getSessionToken = () => Promise.reject(new Error('No token in an unsaved editor'));
    expect(await ask()).toBeNull();
    expect(seen.questions).toBe(0);
  });

  it('stops when the page is left', async () => {
    const { app, ask, seen, page } = clientOf([PENDING]);
    app.wait = async () => page.abort();
    expect(await ask()).toBeNull();
    expect(seen.questions).toBe(1);
  });
});
