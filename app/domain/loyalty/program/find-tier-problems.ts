import type { ProblemList } from './field-problems.ts';
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
