/**
 * Where Shopify says that the file of a bulk operation is: with Google, as it does. `install.ts` leads who asks there
 * for it to `GET /bulk/{id}.jsonl` of the local Shopify.
 */
const FILE_ORIGIN = 'https://storage.googleapis.com';

export function bulkFileAddress(id: number): string {
  return `${FILE_ORIGIN}/bulk/${id}.jsonl`;
}

/** The same file as the local Shopify serves it, for who asks without `install.ts`. */
export function localBulkFileAddress(address: string, origin: string): string {
  return address.replace(FILE_ORIGIN, origin);
}
