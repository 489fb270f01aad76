import type { IncomingMessage } from 'node:http';

/** Forms have a few fields, and webhooks name theirs: nothing that we take is longer. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The whole body, or null as soon as it is longer than `MAX_BODY_BYTES`, whatever its length was said to be. Read before
 * any route sees the request, so that no route has to remember a limit.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return discardRest(request);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body is bytes');
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return discardRest(request);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Who is cut off in the middle of sending never reads the answer, so the rest comes in and goes nowhere. */
function discardRest(request: IncomingMessage): null {
  request.resume();
  return null;
}
