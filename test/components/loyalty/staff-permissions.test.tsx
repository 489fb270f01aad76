import { expect, it } from 'vitest';

import { PermissionsPage } from '#app/components/loyalty/staff/permissions-page.tsx';
import type { PermissionsPageProps } from '#app/components/loyalty/staff/permissions-page.tsx';
import { markupOf, textOf } from '#test/components/markup-of.tsx';

const SEEN = Date.UTC(2026, 10, 20, 10);
const PAGE: PermissionsPageProps = {
  ...{ viewerId: '1', confirmation: 'confirmed', mayChange: true, changeNo: 0, limitPoints: 1_000, changes: [], timeZone: 'UTC' },
  draft: { others: { kind: 'shop-limit', points: '' }, staff: [{ staffId: '2', kind: 'up-to', points: '50', mayChangeList: false }] },
  staff: [
    { staffId: '1', name: 'Robin Owner', isOwner: true, isCollaborator: false, seenAtMs: SEEN, refusedAtMs: null },
    { staffId: '2', name: '<b>مريم</b>', isOwner: false, isCollaborator: true, seenAtMs: SEEN, refusedAtMs: SEEN },
  ],
  ...{ isSaving: false, refusal: null, onSave: () => undefined },
};
const textWith = (change: Partial<PermissionsPageProps>) => textOf(<PermissionsPage {...PAGE} {...change} />);

it('says that nothing is set, and what holds until then', () => {
  const text = textWith({});
  for (const words of ['Nothing is set yet', 'Everyone who may open Perennial adjusts up to 1,000 points at once', 'Robin Owner (You)', 'Store owner', 'Collaborator', 'No longer confirmed by Shopify']) expect(text).toContain(words);
  expect(textWith({ changeNo: 3 })).not.toContain('Nothing is set yet');
});

it('shows a name as it was typed, and never as markup', () => {
  const markup = markupOf(<PermissionsPage {...PAGE} />);
  expect(markup).not.toContain('<b>');
  expect(markup).toContain('\u2068&lt;b&gt;مريم&lt;/b&gt;\u2069');
});

it('gives each field a name of its own, and nothing to change to whoever may not', () => {
  const markup = markupOf(<PermissionsPage {...PAGE} mayChange={false} changeNo={1} />);
  for (const label of ['Everyone else: may adjust points', 'may adjust points', 'most points at once', 'may change this list']) expect(markup).toContain(label);
  const controls = markup.match(/<(?:select|input)\b[^>]*>/g) ?? [];
  expect(controls.length).toBeGreaterThan(3);
  expect(controls.filter((control) => !/ disabled(?:=|\s|>)/.test(control))).toEqual([]);
  expect(textWith({ mayChange: false, changeNo: 1 })).toContain('Only the store’s owner, and whom the owner names, may change this list.');
});

it.each([['unavailable', 'Shopify does not answer right now'], ['refused', 'Shopify does not confirm that you are staff of this store']] as const)('says why nobody can be sure who looks: %s', (confirmation, words) => {
  expect(textWith({ confirmation, mayChange: false })).toContain(words);
});

it('tells who set what, by name where it is known', () => {
  const change = { subject: '2', adjusting: { kind: 'up-to', points: 50 }, mayChangeList: true, changedBy: '1', changedAtMs: SEEN, changeNo: 2 } as const;
  const earlier = { ...change, changeNo: 1, subject: 'others', adjusting: { kind: 'none' }, mayChangeList: false, changedBy: '99' } as const;
  const text = textWith({ changeNo: 2, changes: [change, earlier] });
  expect(text).toContain('up to 50 points at once, may change this list');
  expect(text).toContain('User 99 set Everyone else: may not adjust points');
});

it('says why nothing was saved', () => {
  expect(textWith({ refusal: 'changed-meanwhile' })).toContain('Somebody else changed this list meanwhile.');
});
