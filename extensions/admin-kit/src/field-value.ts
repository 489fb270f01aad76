/** What stands in a field that tells of a change. */
export function fieldValue({ currentTarget }: Event): string {
  return currentTarget !== null && 'value' in currentTarget && typeof currentTarget.value === 'string' ? currentTarget.value : '';
}
