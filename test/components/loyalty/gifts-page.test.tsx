import { expect, it } from 'vitest';

import { GiftsPage } from '#app/components/loyalty/gifts/gifts-page.tsx';
import type { GiftFacts } from '#app/domain/loyalty/gifts/gift.ts';
import { textOf } from '#test/components/markup-of.tsx';

const GIFT: GiftFacts = {
  ...{ giftId: 'a', segmentId: '5', segmentName: 'Regulars', points: 50, note: 'Summer', staffId: '77', state: 'completed', errorCode: null },
  ...{ expectedCustomers: 4000, seenCustomers: 4000, givenMembers: 3990, excludedMembers: 8, unknownCustomers: 2 },
  ...{ requestedAtMs: Date.UTC(2026, 2, 2, 10), finishedAtMs: Date.UTC(2026, 2, 2, 11) },
};

function told(...changes: Partial<GiftFacts>[]): string {
  return textOf(<GiftsPage gifts={changes.map((change) => ({ ...GIFT, ...change }))} timeZone="UTC" staffId="77" staffNames={{}} changingId={null} onChange={() => undefined} />);
}

it('says what came of a gift, and who got none', () => {
  const text = told({});
  for (const words of ['Regulars', 'Given', '50 points each, for “Summer”, by you', '199,500 points given to 3,990 members.', '8 are excluded', '2 are not known']) expect(text).toContain(words);
  expect(text).not.toContain('Stop');
});

it('shows how far one is, and that it waits for Shopify', () => {
  const text = told({ state: 'giving', errorCode: 'unavailable', seenCustomers: 1000, givenMembers: 1000, excludedMembers: 0, unknownCustomers: 0 });
  for (const words of ['1,000 of 4,000 customers looked at', 'Shopify does not answer right now.', 'Stop']) expect(text).toContain(words);
});

it.each([
  ['no-segment', 'no longer in Shopify'],
  ['scope', 'grant access to customers'],
  ['of a later version', 'Something went wrong.'],
])('says why one was not finished (%s), and that it can go on', (errorCode, words) => {
  const text = told({ state: 'failed', errorCode });
  for (const line of [words, 'Go on', 'Whoever has these points gets none twice.']) expect(text).toContain(line);
});

it('says where points are given while there is none', () => {
  expect(told()).toContain('choose “Use segment”');
});
