// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { createMemoryRouter, RouterProvider } from 'react-router-dom';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { useFreshNumbers } from '#app/components/retention/use-fresh-numbers.ts';

let root: Root;
let loads: number;
let visibility: DocumentVisibilityState;
let answer: () => Promise<Response>;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
  vi.spyOn(globalThis, 'fetch').mockImplementation(() => answer());
  loads = 0;
  visibility = 'visible';
  answer = async () => new Response('ok');
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function open({ isPaused }: { isPaused: boolean }): Promise<void> {
  const Page = () => {
    useFreshNumbers(isPaused);
    return null;
  };
  const loader = () => {
    loads += 1;
    return null;
  };
  const router = createMemoryRouter([{ path: '/', loader, Component: Page, HydrateFallback: () => null }]);
  await act(async () => root.render(<RouterProvider router={router} future={{ v7_startTransition: true }} />));
  expect(loads).toBe(1);
}

const passes = (milliseconds: number) => act(async () => vi.advanceTimersByTimeAsync(milliseconds));

async function turn(to: DocumentVisibilityState): Promise<void> {
  visibility = to;
  document.dispatchEvent(new Event('visibilitychange'));
  await passes(1);
}

it('loads the page anew every half minute while it is looked at', async () => {
  await open({ isPaused: false });
  await passes(29_000);
  expect(loads).toBe(1);
  await passes(2_000);
  expect(loads).toBe(2);
  await passes(31_000);
  expect(loads).toBe(3);
});

it('leaves a hidden page alone, and loads it at once when it is looked at again', async () => {
  await open({ isPaused: false });
  await turn('hidden');
  await passes(600_000);
  expect(loads).toBe(1);
  await turn('visible');
  expect(loads).toBe(2);
});

it.each([
  ['out of reach', async () => Promise.reject(new TypeError('Failed to fetch'))],
  ['without its database', async () => new Response('', { status: 503 })],
])('keeps what is shown while the app is %s, and goes on later', async (_name, trouble) => {
  await open({ isPaused: false });
  answer = trouble;
  await passes(31_000);
  expect(loads).toBe(1);
  answer = async () => new Response('ok');
  await passes(31_000);
  expect(loads).toBe(2);
});

it('rests while an import keeps the page fresh', async () => {
  await open({ isPaused: true });
  await passes(600_000);
  expect(loads).toBe(1);
});
