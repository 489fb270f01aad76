import { describe, expect, it } from 'vitest';

import { adjustingOf, mayChangeList, mostPointsOf, NOTHING_SET, planPermissionChanges, readPermissionsDraft, staffNameOf, writePermissionsDraft } from '#app/domain/staff/permissions.ts';
import type { StaffPermissions } from '#app/domain/staff/permissions.ts';

const HELD: StaffPermissions = {
  changeNo: 3,
  others: { kind: 'up-to', points: 10 },
  byStaff: new Map([
    ['2', { adjusting: { kind: 'as-others' }, mayChangeList: true }],
    ['3', { adjusting: { kind: 'none' }, mayChangeList: false }],
  ]),
};
const who = (staffId: string, isOwner = false) => ({ staffId, isOwner });

describe('how far somebody may adjust', () => {
  it.each([
    ['somebody of whom nothing is set, like everyone else', who('9'), 10],
    ['somebody who is to be like everyone else', who('2'), 10],
    ['somebody who may not', who('3'), 0],
    ['the owner, whatever is set', who('3', true), null],
  ])('%s', (_of, one, most) => {
    expect(mostPointsOf(adjustingOf(HELD, one))).toBe(most);
  });

  it('is up to the program’s limit until something is set', () => {
    expect(mostPointsOf(adjustingOf(NOTHING_SET, who('9')))).toBeNull();
  });
});

it('the owner and whom the owner named change the list', () => {
  expect([who('1', true), who('2'), who('3'), who('9')].map((one) => mayChangeList(HELD, one))).toEqual([true, true, false, false]);
});

describe('a filled list', () => {
  const staff = (points: string) => [{ staffId: '2', kind: 'up-to' as const, points, mayChangeList: false }];

  it.each([['', 'missing'], ['1.5', 'not-a-number'], ['-1', 'not-a-number'], ['0', 'out-of-range'], ['10000001', 'out-of-range']])('says what is wrong with %j', (points, problem) => {
    expect(readPermissionsDraft({ others: { kind: 'none', points: 'whatever' }, staff: staff(points) })).toEqual({ ok: false, problems: { '2': problem } });
  });

  it('is the same list again when nothing is changed in it', () => {
    const read = readPermissionsDraft(writePermissionsDraft(HELD, ['2', '3', '4']));
    expect(read.ok && planPermissionChanges(HELD, read.value)).toEqual([]);
  });

  it('changes whom it is changed of', () => {
    const read = readPermissionsDraft({ others: { kind: 'up-to', points: ' 11 ' }, staff: staff('10000000') });
    expect(read.ok && planPermissionChanges(HELD, read.value)).toEqual([
      { subject: 'others', adjusting: { kind: 'up-to', points: 11 }, mayChangeList: false },
      { subject: '2', adjusting: { kind: 'up-to', points: 10_000_000 }, mayChangeList: false },
    ]);
  });
});

it.each([
  ['Robin', 'Owner', 'Robin Owner'],
  ['', 'Owner', 'Owner'],
  ['', '', ''],
  [' a\n\tb ', '\u202Ec\u0000d\u2069', 'a b c d'],
  ['😀'.repeat(150), '', '😀'.repeat(100)],
])('a name of one line: %j %j', (first, last, name) => {
  expect(staffNameOf(first, last)).toBe(name);
});
