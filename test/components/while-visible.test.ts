// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { whileVisible } from '#app/components/while-visible.ts';

let visibility: DocumentVisibilityState;

function turn(to: DocumentVisibilityState): void {
  visibility = to;
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  visibility = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('runs once, after the delay', () => {
  const run = vi.fn();
  const stop = whileVisible(30_000, run);
  vi.advanceTimersByTime(29_999);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(run).toHaveBeenCalledTimes(1);
  stop();
});

it('leaves a hidden page alone, and runs at once when it is looked at again', () => {
  const run = vi.fn();
  const stop = whileVisible(30_000, run, 0);
  turn('hidden');
  vi.advanceTimersByTime(600_000);
  expect(run).not.toHaveBeenCalled();
  turn('visible');
  vi.advanceTimersByTime(0);
  expect(run).toHaveBeenCalledTimes(1);
  stop();
});

it('runs no more once it is called off', () => {
  const run = vi.fn();
  whileVisible(30_000, run, 0)();
  turn('visible');
  vi.advanceTimersByTime(600_000);
  expect(run).not.toHaveBeenCalled();
});
