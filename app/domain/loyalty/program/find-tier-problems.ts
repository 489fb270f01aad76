import { isSameTag } from '../../segments/segment-target.ts';
import type { FieldProblems, ProblemList } from './field-problems.ts';
import { findTwins } from './list-problems.ts';
import { MOST, NAME_LENGTH, PROGRAM_LIMITS, TAG_LENGTH } from './program-limits.ts';
import type { Tiers } from './program.ts';

export function findTierProblems({ levels, graceDays }: Tiers, problems: ProblemList): void {
  problems.addUnlessWithin('tiers.graceDays', graceDays, PROGRAM_LIMITS.graceDays);
  problems.addIf(levels.length === 0, 'tiers.levels', 'missing');
  problems.addIf(levels.length > MOST.tiers, 'tiers.levels', 'too-many');
  findTwins('tiers.levels', levels.map(({ id }) => id), 'id', problems);
  for (const [index, level] of levels.entries()) {
    const path = `tiers.levels[${index}]`;
    const before = levels[index - 1];
    problems.addIf(level.name.trim() === '', `${path}.name`, 'missing');
    problems.addIf([...level.name].length > NAME_LENGTH, `${path}.name`, 'too-long');
    if (before === undefined) problems.addIf(level.threshold !== 0, `${path}.threshold`, 'first-not-zero');
    else {
      problems.addUnlessWithin(`${path}.threshold`, level.threshold, PROGRAM_LIMITS.threshold);
      problems.addIf(level.threshold <= before.threshold, `${path}.threshold`, 'not-rising');
    }
    problems.addUnlessWithin(`${path}.factorBasisPoints`, level.factorBasisPoints, PROGRAM_LIMITS.tierFactorBasisPoints);
    problems.addUnlessNoneOrWithin(`${path}.entryPoints`, level.entryPoints, PROGRAM_LIMITS.points);
    if (level.tag !== null) {
      problems.addIf(level.tag.trim() === '', `${path}.tag`, 'missing');
      problems.addIf([...level.tag].length > TAG_LENGTH, `${path}.tag`, 'too-long');
      problems.addIf(level.tag.includes(','), `${path}.tag`, 'has-comma');
    }
  }
  findTwins('tiers.levels', levels.map(({ name }) => name.trim().toLowerCase()), 'name', problems);
}

/**
 * Tags that the customers of segments are written under already: the app would take them from members whom a segment
 * holds, and leave them with others whom it does not. One that a tier has long had is left alone.
 */
export function findTakenTags(tiers: Tiers | null, { held, ofSegments }: { held: Tiers | null; ofSegments: readonly string[] }): FieldProblems {
  const taken = (tiers?.levels ?? []).flatMap(({ tag }, index) => {
    const isNew = tag !== null && held?.levels.every((level) => level.tag !== tag) !== false;
    return isNew && ofSegments.some((other) => isSameTag(other, tag)) ? [[`tiers.levels[${index}].tag`, 'tag-of-segment'] as const] : [];
  });
  return Object.fromEntries(taken);
}
