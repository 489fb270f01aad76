import { describe, expect, it } from 'vitest';

import { READY_MADE_SEGMENTS } from '#app/domain/segments/ready-made-segments.ts';
import { checkTag, isSameTag, metafieldKeyOf, nativeQueryOf, suggestTag } from '#app/domain/segments/segment-target.ts';

describe('a tag', () => {
  it.each([
    ['  Big   spenders ', { ok: true, value: 'Big spenders' }],
    ['重要客户', { ok: true, value: '重要客户' }],
    ['', { ok: false, reason: 'tag-missing' }],
    [' \u200b ', { ok: false, reason: 'tag-missing' }],
    ['a,b', { ok: false, reason: 'tag-signs' }],
    ["it's", { ok: false, reason: 'tag-signs' }],
    ['a\\b', { ok: false, reason: 'tag-signs' }],
    ['x'.repeat(255), { ok: true, value: 'x'.repeat(255) }],
    ['x'.repeat(256), { ok: false, reason: 'tag-too-long' }],
  ])('typed as %.20j is judged', (typed, judged) => {
    expect(checkTag(typed)).toEqual(judged);
  });

  it('is suggested by the name of the segment, and what is suggested may be written', () => {
    expect(suggestTag('Day 15 to 30')).toBe('perennial-day-15-to-30');
    expect(suggestTag('VIP, going quiet')).toBe('perennial-vip-going-quiet');
    expect(suggestTag('重要客户，渐冷')).toBe('perennial-重要客户-渐冷');
    for (const name of ['x'.repeat(300), "l'été", '***']) expect(checkTag(suggestTag(name))).toMatchObject({ ok: true });
  });

  it('is the same whatever its capitals and runs of spaces', () => {
    expect(isSameTag('VIP  club', 'vip club')).toBe(true);
    expect(isSameTag('VIP', 'VIPs')).toBe(false);
  });

  it('is asked for by a native segment', () => {
    expect(nativeQueryOf('perennial-vip')).toBe("customer_tags CONTAINS 'perennial-vip'");
  });
});

it('the key of a metafield is one that Shopify takes, for each segment', () => {
  const keys = [...READY_MADE_SEGMENTS.map(({ id }) => id), '00000000-0000-4000-8000-000000000001'].map(metafieldKeyOf);
  expect(keys.filter((key) => !/^[\w-]{2,64}$/.test(key))).toEqual([]);
  expect(new Set(keys).size).toBe(keys.length);
});
