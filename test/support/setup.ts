import { afterEach, beforeEach, vi } from 'vitest';
import type { MockInstance } from 'vitest';

/*
 * A warning nobody expected is a failure. A test that provokes one on purpose replaces the method for itself:
 * `vi.spyOn(console, 'error').mockImplementation(() => {})` and then asserts on that spy.
 */
const watched = ['error', 'warn'] as const;
let spies: MockInstance[] = [];
let unexpected: string[] = [];

beforeEach(() => {
  unexpected = [];
  spies = watched.map((method) => {
    const original = console[method].bind(console);
    return vi.spyOn(console, method).mockImplementation((...words: unknown[]) => {
      unexpected.push(`console.${method}: ${words.map(describeWord).join(' ')}`);
      original(...words);
    });
  });
});

afterEach(() => {
  for (const spy of spies) spy.mockRestore();
  if (unexpected.length > 0) throw new Error(`The test wrote to the console unexpectedly:\n${unexpected.join('\n')}`);
});

function describeWord(word: unknown): string {
  return word instanceof Error ? (word.stack ?? word.message) : String(word);
}
