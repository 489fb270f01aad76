import { request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

export interface AppFrontOptions {
  /** Where the app's web process listens now; null while it does not. */
  upstream(): string | null;
  /** Origin of the admin shell, which may frame the app. */
  shellOrigin(): string;
}

/** Headers of one connection, which a proxy must not pass on. */
const hopHeaders = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/**
 * The stand-in for the tunnel through which a development app is reached. Everything passes through unread; only
 * `frame-ancestors` gains our shell, because the library names Shopify's own admin there.
 */
export function appFront(options: AppFrontOptions): RequestListener {
  return (incoming, outgoing) => {
    const upstream = options.upstream();
    if (upstream === null) {
      refuse(outgoing, 'The app is not running yet.');
      return;
    }
    const target = new URL(incoming.url ?? '/', upstream);
    // A fresh connection each time: one kept from before a restart of the app would fail the first request after it.
    const forwarded = httpRequest(target, { method: incoming.method, headers: requestHeaders(incoming), agent: false });
    forwarded.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, responseHeaders(response, options.shellOrigin()));
      response.pipe(outgoing);
      response.on('error', () => outgoing.destroy());
    });
    forwarded.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else refuse(outgoing, 'The app does not answer.');
    });
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  };
}

function refuse(outgoing: ServerResponse, reason: string): void {
  outgoing.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  outgoing.end(`502: ${reason}\n`);
}

function requestHeaders(incoming: IncomingMessage): Record<string, string | string[]> {
  const host = incoming.headers.host ?? '';
  return {
    ...withoutHop(incoming.headers),
    'x-forwarded-host': host,
    'x-forwarded-proto': 'http',
    'x-forwarded-for': incoming.socket.remoteAddress ?? '',
  };
}

function responseHeaders(response: IncomingMessage, shellOrigin: string): Record<string, string | string[]> {
  const headers = withoutHop(response.headers);
  const policy = headers['content-security-policy'];
  if (typeof policy === 'string') headers['content-security-policy'] = allowFraming(policy, shellOrigin);
  return headers;
}

/** Adds the origin to `frame-ancestors`, and leaves a policy without that directive alone. */
export function allowFraming(policy: string, origin: string): string {
  return policy.replace(/frame-ancestors ([^;]*)/i, (_all, sources: string) => {
    const kept = sources.trim() === "'none'" ? [] : [sources.trim()];
    return ['frame-ancestors', ...kept, origin].join(' ');
  });
}

function withoutHop(headers: NodeJS.Dict<string | string[]>): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopHeaders.includes(name)) kept[name] = value;
  }
  return kept;
}
