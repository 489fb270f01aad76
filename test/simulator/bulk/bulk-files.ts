import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { faultyAnswers } from '../faults/faulty-answers.ts';
import type { Platform } from '../platform.ts';

/** `GET /bulk/{id}.jsonl`, with one byte range a request, as the storage behind Shopify's URLs allows. */
export function bulkFileRoutes(platform: Platform): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use('/bulk/*', faultyAnswers(platform, 'bulk-file'));
  routes.on(['GET', 'HEAD'], '/bulk/:name{\\d+\\.jsonl}', async (context) => {
    const file = platform.bulk.fileOf(Number.parseInt(context.req.param('name'), 10));
    if (!file) return context.text('NoSuchKey', 404);
    if (file.isExpired) return context.text('ExpiredToken', 403);
    const { size } = await stat(file.path);
    const range = readRange(context.req.header('range'), size);
    if (range === 'unsatisfiable') {
      return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${size}` } });
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    const headers = new Headers({
      'Content-Type': 'application/jsonl',
      'Accept-Ranges': 'bytes',
      'Content-Length': String(end - start + 1),
    });
    if (range) headers.set('Content-Range', `bytes ${start}-${end}/${size}`);
    const status = range ? 206 : 200;
    if (context.req.method === 'HEAD' || size === 0) return new Response(null, { status, headers });
    const body = Readable.toWeb(createReadStream(file.path, { start, end }));
    // Node's and the DOM's declarations of a web stream differ in name only.
    return new Response(body as unknown as ReadableStream<Uint8Array>, { status, headers });
  });
  return routes;
}

function readRange(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}
