import { expect, it } from 'vitest';

import { KEPT_DAYS } from '#app/services/privacy/retention-periods.ts';

/**
 * In days, both ends included. The merchant's page and their privacy policy tell these numbers, so that a slip of one digit
 * breaks a promise to somebody; what each end stands on is said beside it.
 */
const BOUNDS: Readonly<Record<keyof typeof KEPT_DAYS, readonly [least: number, most: number]>> = {
  // Shopify gives a merchant 30 days to hand it on; after that it is a heap of somebody's data that nobody waits for.
  answer: [30, 31],
  // Shopify tries for two days, and by hand at most a few more.
  handledWebhook: [7, 31],
  // A release a month, and time to look; with bodies that name customers, no quarter of a year.
  deadWebhook: [45, 90],
  // Auditors look back over a year, and over no more.
  dismissedWebhook: [365, 366],
  access: [365, 366],
  replacedImport: [365, 366],
  segmentUndo: [365, 366],
  // A month is what a merchant looks back over.
  importProblems: [28, 31],
  changesPull: [28, 31],
  segmentRun: [28, 31],
  flowEvent: [28, 31],
  // Shopify asks after two days and wants it done within 30; a merchant who comes back within a week finds everything.
  shopThatLeft: [7, 30],
};

it.each(Object.entries(KEPT_DAYS))('keeps %s for as long as was promised: %i days', (what, days) => {
  const [least, most] = Object.entries(BOUNDS).find(([name]) => name === what)?.[1] ?? [NaN, NaN];
  expect(days).toBeGreaterThanOrEqual(least);
  expect(days).toBeLessThanOrEqual(most);
});
