import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { isSignedBody, readWebhookHeaders } from '#app/adapters/shopify/webhook-request.server.ts';

const BODY = Buffer.from('{"id":1}');
const signed = (secret: string, body: Uint8Array = BODY) => createHmac('sha256', secret).update(body).digest('base64');

describe('the signature of a body', () => {
  const SECRETS = ['the present secret', 'the secret before'];

  it('is of one of the app’s secrets, whichever', () => {
    expect(SECRETS.map((secret) => isSignedBody(BODY, signed(secret), SECRETS))).toEqual([true, true]);
    expect(isSignedBody(Buffer.alloc(0), signed('the present secret', Buffer.alloc(0)), SECRETS)).toBe(true);
  });

  it.each<[string, string | null]>([
    ['none', null],
    ['an empty one', ''],
    ['one of another secret', signed('another')],
    ['one of another body', signed('the present secret', Buffer.from('{"id":2}'))],
    ['one that is cut', signed('the present secret').slice(0, -1)],
    ['one that goes on', `${signed('the present secret')}=`],
    ['the same bytes in other letters', Buffer.from(signed('the present secret'), 'base64').toString('base64url')],
    ['the same bytes in hex', Buffer.from(signed('the present secret'), 'base64').toString('hex')],
  ])('is not %s', (_what, signature) => {
    expect(isSignedBody(BODY, signature, SECRETS)).toBe(false);
  });

  it('is nothing where the app has no secret', () => {
    expect(isSignedBody(BODY, signed(''), [])).toBe(false);
  });
});

describe('the headers of a webhook', () => {
  const ALL = {
    'x-shopify-topic': 'orders/create',
    'x-shopify-shop-domain': 'one.myshopify.com',
    'x-shopify-webhook-id': 'w1',
    'x-shopify-api-version': '2026-10',
    'x-shopify-event-id': 'e1',
    'x-shopify-triggered-at': '2026-11-22T12:00:00.000Z',
  };
  const read = (change: Readonly<Record<string, string | undefined>> = {}) =>
    readWebhookHeaders(new Headers(Object.entries({ ...ALL, ...change }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]))));

  it('say what it is about', () => {
    expect(read()).toEqual({ topic: 'orders/create', domain: 'one.myshopify.com', webhookId: 'w1', eventId: 'e1', apiVersion: '2026-10', triggeredAt: new Date('2026-11-22T12:00:00Z') });
  });

  it('may lack the event and the time', () => {
    expect(read({ 'x-shopify-event-id': undefined, 'x-shopify-triggered-at': undefined })).toMatchObject({ eventId: null, triggeredAt: null });
    expect(read({ 'x-shopify-triggered-at': 'lately' })).toMatchObject({ triggeredAt: null });
  });

  it.each(['x-shopify-topic', 'x-shopify-shop-domain', 'x-shopify-webhook-id', 'x-shopify-api-version'])('do not lack %s', (name) => {
    expect(read({ [name]: undefined })).toBeNull();
    expect(read({ [name]: '' })).toBeNull();
  });
});
