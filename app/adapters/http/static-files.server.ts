import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { log } from '#app/logging/log.server.ts';
import { acceptsGzip } from './remix-listener.server.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^(text\/|application\/json|image\/svg)/;
/** Names under /assets carry a hash of what is in them. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const FOR_AN_HOUR = 'public, max-age=3600';

interface StaticFile {
  url: string;
  body: Buffer;
  contentType: string;
  cacheControl: string;
  /** Made at the first request that wants it: a third of the size or less. */
  gzipped: Promise<Buffer> | null;
}

export interface StaticFiles {
  /** True when the request was for a file, and is being answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  has(url: string): boolean;
}

/**
 * The files of a folder as they are now, held in memory: about two megabytes. No path of a request reaches the disk, and
 * a build that is replaced while we run does not take away the files that our pages name.
 */
export async function createStaticFiles(folder: string): Promise<StaticFiles> {
  const files = await listFiles(folder);
  return {
    answer(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const url = (request.url ?? '/').split('?', 1)[0] ?? '/';
      const file = files.get(url);
      if (file === undefined) {
        if (!url.startsWith('/assets/')) return false;
        // Of an older build, or of nobody's: a page about it would be read by no one.
        response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
        response.end('There is no such file');
        return true;
      }
      sendFile(file, request, response).catch((error: unknown) => {
        log.error({ err: error, url: file.url }, 'a file could not be sent');
        response.destroy();
      });
      return true;
    },
    has: (url) => files.has(url),
  };
}

async function listFiles(folder: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(url, {
      url,
      body: await readFile(path),
      contentType,
      cacheControl: url.startsWith('/assets/') ? FOR_EVER : FOR_AN_HOUR,
      gzipped: null,
    });
  }
  return files;
}

async function sendFile(file: StaticFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Content-Type', file.contentType);
  response.setHeader('Cache-Control', file.cacheControl);
  if (COMPRESSIBLE.test(file.contentType)) {
    response.setHeader('Vary', 'Accept-Encoding');
    if (acceptsGzip(request)) {
      file.gzipped ??= promisify<Buffer, Buffer>(gzip)(file.body);
      const body = await file.gzipped;
      response.setHeader('Content-Encoding', 'gzip');
      send(body, request, response);
      return;
    }
  }
  send(file.body, request, response);
}

function send(body: Buffer, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Length', body.byteLength);
  response.end(request.method === 'HEAD' ? undefined : body);
}
