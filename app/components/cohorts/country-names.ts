import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { Condition } from '#app/domain/segments/segment.ts';

/**
 * Names of countries by their codes; a region ("US-CA") is asked for by its country. Made on the server and sent: browsers
 * have names of their own for some countries, and a page must not change when it wakes up.
 */
export function countryNamesOf(codes: Iterable<string | null>, locale: string): Record<string, string> {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  const countries = new Set([...codes].flatMap((code) => code?.split('-', 1) ?? []));
  return Object.fromEntries([...countries].map((code) => [code, nameOf(names, code)]));
}

/** The codes that a page's cuts offer. */
export function codesOfCuts(cuts: readonly OfferedCut[]): (string | null)[] {
  return cuts.flatMap(({ dimension, values }) => (dimension === 'country' || dimension === 'region' ? values.map(({ value }) => value) : []));
}

/** The codes that conditions ask for. */
export function codesOfConditions(conditions: readonly Condition[]): (string | null)[] {
  return conditions.flatMap((condition) => (condition.field === 'country' || condition.field === 'region' ? condition.anyOf : []));
}

/** Shops write what they like into an address: what is no code keeps its letters. */
function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
