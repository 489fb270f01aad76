/** What stands in the field that an event came from. */
export function fieldValue(event: Event): string {
  const field: unknown = event.currentTarget;
  const value: unknown = typeof field === 'object' && field !== null && 'value' in field ? field.value : '';
  return typeof value === 'string' ? value : '';
}
