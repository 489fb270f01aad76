import { describe, expect, it } from 'vitest';

import type { OfferClient } from '../../../extensions/perennial-thank-you/src/offer-client.ts';
import { fetchOffer } from '../../../extensions/perennial-thank-you/src/offer-client.ts';

const READY = { state: 'ready', code: 'BACK-ABCD2345', percentBasisPoints: 1500, endsAt: '2026-12-21T23:59:59Z' };
const PENDING = { state: 'pending', retryAfterMs: 400 };
const PROMISED = { ...PENDING, isPromised: true };

type Reply = object | number | string | Error;

/** A client whose clock moves only by waiting; the last reply is given again and again. */
function clientOf(replies: Reply[], { answerMs = 0 }: { answerMs?: number } = {}) {
  const page = new AbortController();
  const seen = { waits: [] as number[], tokens: 0, promises: 0, questions: 0 };
  let nowMs = 0;
  const client: OfferClient = {
    address: 'https://app.example.com',
    orderId: 'gid://shopify/OrderIdentity/7',
    getSessionToken: async () => `token ${(seen.tokens += 1)}`,
    fetch: async () => {
      nowMs += answerMs;
      const reply = replies[Math.min(seen.questions, replies.length - 1)];
      seen.questions += 1;
      if (reply instanceof Error) throw reply;
      if (typeof reply === 'number') return new Response('{}', { status: reply });
      return new Response(typeof reply === 'string' ? reply : JSON.stringify(reply));
    },
    wait: async (milliseconds) => {
      seen.waits.push(milliseconds);
      nowMs += milliseconds;
    },
    nowMs: () => nowMs,
    signal: page.signal,
    onPromised: () => {
      seen.promises += 1;
    },
  };
  return { client, seen, page, elapsedMs: () => nowMs };
}

describe('asking for the offer of an order', () => {
  it('gives a ready offer back at once, with what an older server leaves out filled in', async () => {
    const { client, seen } = clientOf([READY]);
    expect(await fetchOffer(client)).toEqual({ ...READY, minimumSubtotal: null, isPersonal: false });
    expect(seen).toEqual({ waits: [], tokens: 1, promises: 0, questions: 1 });
  });

  it('asks more and more rarely while the order is on its way, with a fresh token each time', async () => {
    const { client, seen } = clientOf([PENDING, PENDING, PENDING, READY]);
    expect(await fetchOffer(client)).toMatchObject({ state: 'ready' });
    expect(seen).toMatchObject({ tokens: 4, promises: 0 });
    expect(seen.waits[0]).toBe(400);
    expect(seen.waits).toEqual([...seen.waits].sort((a, b) => a - b));
  });

  it('tells of a code once, when the server has promised it', async () => {
    const { client, seen } = clientOf([PENDING, PROMISED, PROMISED, READY]);
    await fetchOffer(client);
    expect(seen).toMatchObject({ questions: 4, promises: 1 });
  });

  it('stops quietly after three quarters of a minute', async () => {
    const { client, seen, elapsedMs } = clientOf([PENDING], { answerMs: 100 });
    expect(await fetchOffer(client)).toBeNull();
    expect(elapsedMs()).toBeGreaterThanOrEqual(45_000);
    expect(elapsedMs()).toBeLessThan(51_000);
    expect(seen.questions).toBeLessThan(20);
  });

  it.each([
    ['a server that asks to be asked at once', { state: 'pending', retryAfterMs: 0 }],
    ['a server that asks for nonsense', { state: 'pending', retryAfterMs: 'soon' }],
  ])('does not hurry for %s', async (_name, reply) => {
    const { client, seen } = clientOf([reply, READY]);
    await fetchOffer(client);
    expect(seen.waits).toEqual([300]);
  });

  it.each([401, 429, 500, 503])('tries again after %s, and gives up after four', async (status) => {
    const { client, seen } = clientOf([status]);
    expect(await fetchOffer(client)).toBeNull();
    expect(seen.questions).toBe(4);
    const passing = clientOf([status, status, READY]);
    expect(await fetchOffer(passing.client)).toMatchObject({ state: 'ready' });
  });

  it.each([400, 403, 404, 410])('does not ask again after %s', async (status) => {
    const { client, seen } = clientOf([status]);
    expect(await fetchOffer(client)).toBeNull();
    expect(seen.questions).toBe(1);
  });

  it.each([
    ['no offer', { state: 'none' }],
    ['a state from the future', { state: 'wheel-of-fortune', code: 'X' }],
    ['a ready offer without a code', { ...READY, code: undefined }],
    ['a ready offer without an end', { ...READY, endsAt: undefined }],
    ['a list', []],
    ['null', 'null'],
  ])('shows nothing for %s', async (_name, reply) => {
    expect(await fetchOffer(clientOf([reply]).client)).toBeNull();
  });

  it.each([
    ['the network fails', new TypeError('Failed to fetch')],
    ['a page comes instead of JSON', '<html>'],
  ])('never throws when %s', async (_name, reply) => {
    expect(await fetchOffer(clientOf([reply]).client)).toBeNull();
  });

  it('asks nothing without a session token', async () => {
    const { client, seen } = clientOf([READY]);
    client.getSessionToken = () => Promise.reject(new Error('No token in an unsaved editor'));
    expect(await fetchOffer(client)).toBeNull();
    expect(seen.questions).toBe(0);
  });

  it('stops when the page is left', async () => {
    const { client, seen, page } = clientOf([PENDING]);
    client.wait = async () => page.abort();
    expect(await fetchOffer(client)).toBeNull();
    expect(seen.questions).toBe(1);
  });
});
