// @vitest-environment jsdom
import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { someLoyalty } from '#test/e2e/support/shopper-answers.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { setUpShopify } from '../support/shopify-global.ts';

const EXTENSION = 'perennial-profile';
const extension = getExtension('customer-account.profile.block.render', { configSearchDir: `extensions/${EXTENSION}` });

let questions: number;

function answer(body: unknown, status = 200): void {
  extension.fetch = async () => {
    questions += 1;
    return new Response(JSON.stringify(body), { status });
  };
}

beforeEach(() => {
  process.env.APP_URL = 'https://app.example.com';
  questions = 0;
  extension.setUp();
  setUpShopify(extension.shopify, EXTENSION);
});

afterEach(async () => {
  render(null, document.body);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  extension.tearDown();
});

async function renderBlock(): Promise<void> {
  const { default: renderTarget } = await import('../../../extensions/perennial-profile/src/Profile.tsx');
  renderTarget();
}

describe('the profile block', () => {
  it('tells balance and level, and leads to the page', async () => {
    answer(someLoyalty());
    await renderBlock();
    const link = await waitFor('the link', () => document.body.querySelector('s-link') ?? undefined);
    expect(link.getAttribute('href')).toBe('extension:perennial-loyalty-page/');
    expect(document.body.querySelector('s-badge')?.textContent).toBe('Silver');
    expect(document.body.textContent).toContain('1,240 points');
    expect(document.body.textContent).toContain('120 more points are on their way.');
  });

  it.each([
    ['there is no program', { state: 'off' }, 200],
    ['the question is refused', {}, 403],
  ])('is not there when %s', async (_name, body, status) => {
    answer(body, status);
    await renderBlock();
    await waitFor('a question', () => (questions === 1 ? true : undefined));
    await new Promise((resolve) => setImmediate(resolve));
    expect(document.body.textContent).toBe('');
  });

  it('shows a sample in the editor, and asks nobody', async () => {
    answer(someLoyalty());
    Object.assign(extension.shopify.extension, { editor: { type: 'checkout' } });
    await renderBlock();
    await waitFor('the sample', () => (document.body.textContent?.includes('640 points') ? true : undefined));
    expect(questions).toBe(0);
  });
});
