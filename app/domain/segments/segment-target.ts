import type { Result } from '../result.ts';
import { READY_MADE_SEGMENTS } from './ready-made-segments.ts';

/** Where the customers of a segment are marked in Shopify: by a tag, or by a metafield that belongs to the app. */
export const TARGET_KINDS = ['tag', 'metafield'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Shopify's own: of a tag, and of a segment's name. */
export const TARGET_LIMITS = { tagLength: 255, titleLength: 80, nativeNameLength: 255 } as const;

/** Whatever Shopify is asked at night, each minute of a bucket that is used up lets about so many customers be tagged. */
export const TAGS_A_MINUTE = 600;

export type TagRefusal = { reason: 'tag-missing' } | { reason: 'tag-too-long' } | { reason: 'tag-signs' };

/**
 * A tag as it may be written. A comma would make two tags of it, and quotes and backslashes have a meaning in the query of
 * a native segment.
 */
export function checkTag(typed: string): Result<string, TagRefusal> {
  const tag = tidy(typed);
  if (!/[^\s\p{Cf}]/u.test(tag)) return { ok: false, reason: 'tag-missing' };
  if (/[,'"\\]/.test(tag)) return { ok: false, reason: 'tag-signs' };
  return [...tag].length > TARGET_LIMITS.tagLength ? { ok: false, reason: 'tag-too-long' } : { ok: true, value: tag };
}

/** `perennial-big-spenders` of "Big spenders": our customers' tags stand together in the admin, whatever the language. */
export function suggestTag(segmentName: string): string {
  const words = tidy(segmentName).toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, '-').replace(/^-+|-+$/g, '');
  const most = TARGET_LIMITS.tagLength - 'perennial-'.length;
  return `perennial-${[...words].slice(0, most).join('')}`;
}

export function tidy(typed: string): string {
  return typed.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Shopify tells tags apart without regard to capitals and to runs of spaces. */
export function isSameTag(one: string, other: string): boolean {
  return tidy(one).toLowerCase() === tidy(other).toLowerCase();
}

/** Within the app's own namespace. Letters, digits and hyphens, 64 at most, as Shopify wants a key. */
export function metafieldKeyOf(segmentKey: string): string {
  return isReadyMade(segmentKey) ? segmentKey : `segment-${segmentKey}`;
}

export function isReadyMade(segmentKey: string): boolean {
  return READY_MADE_SEGMENTS.some(({ id }) => id === segmentKey);
}

/** What a native segment on a tag asks. `checkTag` lets nothing through that would need to be escaped. */
export function nativeQueryOf(tag: string): string {
  return `customer_tags CONTAINS '${tag}'`;
}
