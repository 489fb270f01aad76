import type { JsonLine } from '#app/adapters/shopify/read-json-lines.server.ts';

/** What one line of a bulk file is. Only a line that is no JSON can be one that the file was cut in. */
export type BulkObject =
  | { kind: 'root'; id: unknown; body: object }
  | { kind: 'child'; parentId: string; body: object }
  | { kind: 'broken'; problem: string }
  | { kind: 'no-object'; problem: string };

export function readBulkObject({ text, problem }: Pick<JsonLine, 'text' | 'problem'>): BulkObject {
  if (problem !== null) return { kind: 'broken', problem };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: 'broken', problem: 'not JSON' };
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { kind: 'no-object', problem: 'not an object' };
  if ('__parentId' in body && typeof body.__parentId === 'string') return { kind: 'child', parentId: body.__parentId, body };
  return { kind: 'root', id: 'id' in body ? body.id : null, body };
}
