/** What becomes of names of an address: a value, several values of one name, or none. */
export type SearchChanges = Readonly<Record<string, string | readonly string[] | null>>;

/** What an address asks for after the changes; names that are not among them stay as they are. */
export function changeSearch(search: URLSearchParams, changes: SearchChanges): URLSearchParams {
  const changed = new URLSearchParams(search);
  for (const [name, values] of Object.entries(changes)) {
    changed.delete(name);
    for (const value of [values ?? []].flat()) changed.append(name, value);
  }
  return changed;
}
