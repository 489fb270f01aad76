import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';

/**
 * Names of countries by their codes. Made on the server and sent: browsers have names of their own for some countries,
 * and a page must not change when it wakes up.
 */
export function countryNamesOf(codes: Iterable<string>, locale: string): Record<string, string> {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  return Object.fromEntries([...codes].map((code) => [code, nameOf(names, code)]));
}

/** Of the countries that a page's cuts offer, those of its regions among them. */
export function countryNamesIn(cuts: readonly OfferedCut[], locale: string): Record<string, string> {
  const codesOf = ({ dimension, values }: OfferedCut) => {
    if (dimension !== 'country' && dimension !== 'region') return [];
    return values.flatMap(({ value }) => value?.split('-', 1) ?? []);
  };
  return countryNamesOf(new Set(cuts.flatMap(codesOf)), locale);
}

/** Shops write what they like into an address: what is no code keeps its letters. */
function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
