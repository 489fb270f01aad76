// @vitest-environment jsdom
import { signal } from '@preact/signals';
import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { i18nOf } from '../support/locale-words.ts';

const FOLDER = 'extensions/perennial-thank-you';
const extension = getExtension('purchase.thank-you.block.render', { configSearchDir: FOLDER });

const READY: NextOrderOffer = {
  state: 'ready',
  code: 'BACK-ABCD2345',
  percentBasisPoints: 1500,
  minimumSubtotal: { amountMinor: 2500, currency: 'EUR', decimals: 2 },
  endsAt: '2026-12-21T23:59:59Z',
  isPersonal: true,
};

const NOTHING_MORE: OrderThanks = { points: { state: 'none' }, account: { state: 'none' } };

/** Preact takes the event's name in small letters where the element has such a handler, as Shopify's has. */
class ClipboardItem extends HTMLElement {
  oncopyerror = null;
}
customElements.define('s-clipboard-item', ClipboardItem);

let asked: { url: string; authorization: string | null }[];

/** What the app tells of the order beside its offer. */
let thanks: OrderThanks | number;
let invites: string[];
let inviteAnswers: number[];

function answer(...offers: (NextOrderOffer | number | 'unreachable')[]): void {
  extension.fetch = async (input, init) => {
    const { pathname, searchParams } = new URL(String(input));
    if (pathname === '/api/shopper/order') {
      return new Response(JSON.stringify(thanks), { status: typeof thanks === 'number' ? thanks : 200 });
    }
    if (pathname === '/api/shopper/account-invite') {
      invites.push(`${init?.method} ${searchParams.get('orderId')}`);
      const next = inviteAnswers.shift() ?? 503;
      return new Response(JSON.stringify({ state: 'invited' }), { status: next });
    }
    asked.push({ url: String(input), authorization: new Headers(init?.headers).get('Authorization') });
    const next = offers.length > 1 ? offers.shift() : offers[0];
    if (next === 'unreachable' || next === undefined) throw new TypeError('Failed to fetch');
    return typeof next === 'number' ? new Response('{}', { status: next }) : new Response(JSON.stringify(next));
  };
}

beforeEach(() => {
  process.env.APP_URL = 'https://app.example.com';
  asked = [];
  thanks = NOTHING_MORE;
  invites = [];
  inviteAnswers = [];
  extension.setUp();
  extension.shopify.extension = { ...extension.shopify.extension, editor: undefined };
  extension.shopify.orderConfirmation.value = {
    order: { id: 'gid://shopify/OrderIdentity/7001' },
    number: 'PX4K9QZ2B',
    isFirstOrder: true,
  };
  extension.shopify.sessionToken.get = async () => 'the.session.token';
  extension.shopify.localization.timezone.value = 'Atlantic/Reykjavik';
  extension.shopify.shop = { ...extension.shopify.shop, storefrontUrl: 'https://shop.example.com' };
  extension.shopify.i18n = i18nOf('perennial-thank-you') as never;
});

afterEach(async () => {
  render(null, document.body);
  // Preact runs effects after a frame; none may outlive the document.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  extension.tearDown();
});

/**
 * The tester's own `render()` imports the module with Node and not with vitest, which alone reads TSX here. The global
 * `shopify` that it makes is the real gain, so the target's function is called by hand.
 */
async function renderBlock(target: 'ThankYou' | 'OrderStatus' = 'ThankYou'): Promise<void> {
  const { default: renderTarget } =
    target === 'ThankYou'
      ? await import('../../../extensions/perennial-thank-you/src/ThankYou.tsx')
      : await import('../../../extensions/perennial-thank-you/src/OrderStatus.tsx');
  renderTarget();
}

const shown = () => document.body.textContent;
const element = (selector: string) => waitFor(selector, () => document.body.querySelector(selector) ?? undefined);

async function settled(count: number): Promise<void> {
  await waitFor(`${count} questions`, () => (asked.length >= count ? true : undefined));
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the thank-you block', () => {
  it('shows the code with its terms in plain words', async () => {
    answer(READY);
    await renderBlock();
    const section = await element('s-section');
    expect(section.getAttribute('heading')).toBe('A thank-you for your next order');
    expect(section.textContent).toContain('Take 15% off your next order with this code.');
    expect([...section.querySelectorAll('s-text')].map((text) => text.textContent)).toEqual([
      'BACK-ABCD2345',
      'Valid until December 21, 2026.',
      'For orders of €25 or more.',
      'Works once, for you only.',
    ]);
    expect(section.querySelector('s-link')?.getAttribute('href')).toBe(
      'https://shop.example.com/discount/BACK-ABCD2345',
    );
  });

  it('says what the merchant wrote, from the first word on', async () => {
    const texts = { heading: 'Merci', waiting: 'Almost there', validUntil: 'Until {{date}}', sentence: '{{gone}}', unknownKey: 'x', copy: 7 as never };
    thanks = 503;
    answer({ state: 'pending', retryAfterMs: 300, isPromised: true, texts }, { ...READY, texts });
    await renderBlock();
    const waiting = await element('s-skeleton-paragraph');
    expect(waiting.getAttribute('content')).toBe('Merci');
    await waitFor('the code', () => (shown()?.includes('BACK-ABCD2345') ? true : undefined));
    expect((await element('s-section')).getAttribute('heading')).toBe('Merci');
    for (const words of ['Until December 21, 2026', 'Take 15% off your next order with this code.', 'Copy code']) expect(shown()).toContain(words);
    expect(asked[0]?.url).toContain('locale=en');
  });

  it('asks our server about the order with the session token, and puts the token into no address', async () => {
    answer(READY);
    await renderBlock();
    await element('s-section');
    expect(asked).toEqual([
      {
        url: 'https://app.example.com/api/checkout/next-order-offer?orderId=gid%3A%2F%2Fshopify%2FOrderIdentity%2F7001&locale=en',
        authorization: 'Bearer the.session.token',
      },
    ]);
  });

  it('counts the time of a flash offer down, speaks up at its end alone, and takes the code away', async () => {
    const asOfMs = Date.now();
    const endsAt = new Date(asOfMs + 2_500).toISOString();
    answer({
      ...{ state: 'granted', gives: { kind: 'percent', percentBasisPoints: 1_000 }, code: 'BACK-FLASH234', minimumSubtotal: null },
      ...{ endsAt, isPersonal: false, countsDown: true, asOf: new Date(asOfMs).toISOString() },
    });
    await renderBlock();
    const section = await element('s-section');
    const spoken = section.querySelector('s-stack[accessibilityrole="status"]');
    expect(spoken?.textContent).toBe('Take 10% off your next order with this code.');
    const said = new Set<string>();
    await waitFor('the end', () => {
      const time = [...section.querySelectorAll('s-text')].map((text) => text.textContent ?? '').find((text) => text.includes('left'));
      if (time !== undefined) said.add(time);
      expect(spoken?.textContent).not.toContain('second');
      return spoken?.textContent === 'This offer has ended.' || undefined;
    });
    expect([...said]).toEqual(['0 minutes 3 seconds left.', '0 minutes 2 seconds left.', '0 minutes 1 second left.'].filter((words) => said.has(words)));
    expect(said.size).toBeGreaterThanOrEqual(2);
    expect(shown()).not.toContain('BACK-FLASH234');
  });

  it('shows store credit without a code to copy or a shop to carry it to', async () => {
    answer({
      ...{ state: 'granted', gives: { kind: 'store-credit', amount: { amountMinor: 700, currency: 'EUR', decimals: 2 } }, code: null },
      ...{ minimumSubtotal: null, endsAt: '2026-12-21T23:59:59Z', isPersonal: true, countsDown: false },
    });
    await renderBlock();
    const section = await element('s-section');
    expect(section.textContent).toContain('You have €7 of store credit for your next order.');
    expect(section.querySelector('s-clipboard-item, s-link')).toBeNull();
  });

  it('copies the code, and says so', async () => {
    answer(READY);
    await renderBlock();
    const clipboard = await element('s-clipboard-item');
    const button = await element('s-button');
    expect(clipboard.getAttribute('text')).toBe('BACK-ABCD2345');
    expect([button.getAttribute('command'), button.getAttribute('commandFor')]).toEqual(['--copy', clipboard.id]);
    expect(button.textContent).toBe('Copy code');
    clipboard.dispatchEvent(new Event('copy'));
    await waitFor('the word on the button', () => (button.textContent === 'Copied' ? true : undefined));
  });

  it('says how to help oneself when copying is not allowed', async () => {
    answer(READY);
    await renderBlock();
    (await element('s-clipboard-item')).dispatchEvent(new Event('copyerror'));
    await waitFor('a hint', () => (shown()?.includes('Select the code and copy it yourself') ? true : undefined));
  });

  it('promises nothing while the order is on its way', async () => {
    answer({ state: 'pending', retryAfterMs: 1 });
    await renderBlock();
    await settled(2);
    expect(shown()).toBe('');
  });

  it('waits once a code is promised, and shows the code when it is there', async () => {
    answer({ state: 'pending', retryAfterMs: 1, isPromised: true }, READY);
    await renderBlock();
    await element('s-skeleton-paragraph');
    await element('s-section');
    expect(document.body.querySelector('s-skeleton-paragraph')).toBeNull();
  });

  it.each([
    ['there is no offer', [{ state: 'none' } as const], 1],
    ['the question is refused', [400], 1],
    ['the app is unreachable', ['unreachable' as const], 4],
  ])('shows nothing when %s', async (_name, offers, questions) => {
    answer(...offers);
    await renderBlock();
    await settled(questions);
    await waitFor('an empty block', () => (shown() === '' ? true : undefined));
    expect(asked.length).toBe(questions);
  });

  it('shows nothing when Shopify gives no session token', async () => {
    answer(READY);
    let refused = false;
    extension.shopify.sessionToken.get = async () => {
      refused = true;
      throw new Error('No token before the first save');
    };
    await renderBlock();
    await waitFor('the refusal', () => refused || undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect([shown(), asked]).toEqual(['', []]);
  });

  it('shows nothing, and asks nothing, where the order or the address of the app is missing', async () => {
    answer(READY);
    delete process.env.APP_URL;
    await renderBlock();
    await new Promise((resolve) => setImmediate(resolve));
    expect([shown(), asked]).toEqual(['', []]);
  });

  it.each(['ThankYou', 'OrderStatus'] as const)('asks as %s once Shopify tells which order it is, where it did not know at first', async (target) => {
    answer(READY);
    const [name, order] = target === 'ThankYou' ? ['orderConfirmation', { order: { id: 'gid://shopify/OrderIdentity/7001' } }] : ['order', { id: 'gid://shopify/Order/7001' }];
    const late = signal<object | undefined>(undefined);
    Object.defineProperty(extension.shopify, name, { value: late, configurable: true, writable: true });
    await renderBlock(target);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect([shown(), asked]).toEqual(['', []]);
    late.value = order;
    await element('s-section');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toContain('7001');
  });

  it('shows what the order gave under the code, in the same frame', async () => {
    thanks = {
      points: { state: 'ready', points: 120, standing: 'spendable', spendableFrom: null, balancePoints: 620 },
      account: { state: 'none' },
    };
    answer(READY);
    await renderBlock();
    await waitFor('both parts', () => (document.body.querySelectorAll('s-section').length === 2 ? true : undefined));
    const headings = [...document.body.querySelectorAll('s-section')].map((section) => section.getAttribute('heading'));
    expect(headings).toEqual(['A thank-you for your next order', 'Your points']);
    expect(document.body.querySelectorAll('s-box[border="base"][padding="base"]')).toHaveLength(1);
    expect(shown()).toContain('You earned 120 points with this order. You now have 620 points to spend.');
  });

  it('has the invite sent once it is asked for, and says so; a failure can be repeated', async () => {
    thanks = { points: { state: 'none' }, account: { state: 'invite', welcomePoints: 100 } };
    inviteAnswers = [503, 200];
    answer({ state: 'none' });
    await renderBlock();
    const button = await element('s-button');
    expect(shown()).toContain('We email you the link, and remind you twice at most if you leave it.');
    button.dispatchEvent(new Event('click'));
    await waitFor('word of the failure', () => (shown()?.includes('That did not work.') ? true : undefined));
    button.dispatchEvent(new Event('click'));
    await waitFor('word of the mail', () => (shown()?.includes('Check your inbox') ? true : undefined));
    expect(document.body.querySelector('s-button')).toBeNull();
    expect(invites).toEqual(Array.from({ length: 2 }, () => 'POST gid://shopify/OrderIdentity/7001'));
  });

  it('takes the invite away where it is not offered any more', async () => {
    thanks = { points: { state: 'none' }, account: { state: 'invite', welcomePoints: null } };
    inviteAnswers = [409];
    answer({ state: 'none' });
    await renderBlock();
    (await element('s-button')).dispatchEvent(new Event('click'));
    await waitFor('an empty block', () => (shown() === '' ? true : undefined));
  });

  it('offers no way to a place that is no web page', async () => {
    thanks = { points: { state: 'none' }, account: { state: 'sign-in', url: 'javascript:alert(1)', welcomePoints: null } };
    answer({ state: 'none' });
    await renderBlock();
    await settled(1);
    expect(shown()).toBe('');
  });

  it('shows a sample in the checkout editor, and asks nobody', async () => {
    answer(READY);
    extension.shopify.extension = { ...extension.shopify.extension, editor: { type: 'checkout' } };
    await renderBlock();
    expect((await element('s-section')).textContent).toContain('BACK-SAMPLE42');
    expect(asked).toEqual([]);
  });
});
