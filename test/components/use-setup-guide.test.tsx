// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { useSetupGuide } from '#app/components/use-setup-guide.ts';

const TARGET = 'purchase.thank-you.block.render';
const placedAt = (target: string) => [{ activations: [{ target }] }];

let root: Root;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.useRealTimers();
});

function Placement() {
  return useSetupGuide().placement;
}

/** What the guide knows at once, and what it knows six seconds later. */
async function placements(extensions: () => Promise<unknown>): Promise<(string | null)[]> {
  Object.assign(window, { shopify: { app: { extensions } } });
  await act(async () => root.render(<Placement />));
  const first = document.body.textContent;
  await act(async () => vi.advanceTimersByTime(6_000));
  return [first, document.body.textContent];
}

it.each([
  ['the block is there', async () => placedAt(TARGET), ['placed', 'placed']],
  ['it is elsewhere', async () => placedAt('purchase.checkout.block.render'), ['missing', 'missing']],
  ['the admin cannot say', async () => Promise.reject(new Error('Not supported')), ['unknown', 'unknown']],
  ['the admin never answers', () => new Promise(() => {}), ['asked', 'unknown']],
])('the guide tells when %s', async (_name, extensions, expected) => {
  expect(await placements(extensions)).toEqual(expected);
});
