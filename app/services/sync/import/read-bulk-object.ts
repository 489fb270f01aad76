import type { JsonLine } from '#app/adapters/shopify/read-json-lines.server.ts';
import type { ScannedLine, ScannedOrder } from '#app/adapters/shopify/scan-bulk-line.ts';

/** What stands in a line: JSON to be parsed further, or what was found without. */
export type BulkContent =
  | { form: 'json'; body: object }
  | ({ form: 'order' } & Pick<ScannedOrder, 'order'>)
  | ({ form: 'line' } & Pick<ScannedLine, 'orderId' | 'line'>);

export type ScannedObject =
  | { kind: 'root'; id: unknown; content: BulkContent }
  | { kind: 'child'; parentId: string; content: BulkContent };

/** What one line of a bulk file is. Only a line that is no JSON can be one that the file was cut in. */
export type BulkObject =
  | ScannedObject
  | { kind: 'broken'; problem: string }
  | { kind: 'no-object'; problem: string };

export function readBulkObject(
  { text, problem }: Pick<JsonLine, 'text' | 'problem'>,
  scan: (text: string) => ScannedObject | null,
): BulkObject {
  if (problem !== null) return { kind: 'broken', problem };
  const scanned = scan(text);
  if (scanned !== null) return scanned;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: 'broken', problem: 'not JSON' };
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { kind: 'no-object', problem: 'not an object' };
  const content: BulkContent = { form: 'json', body };
  if ('__parentId' in body && typeof body.__parentId === 'string') return { kind: 'child', parentId: body.__parentId, content };
  return { kind: 'root', id: 'id' in body ? body.id : null, content };
}
