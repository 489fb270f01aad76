import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request instead of a plain answer from the other side. */
export type Fault =
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body: string | Buffer }
  /** The connection dies before the other side hears of the request. */
  | { kind: 'reset' }
  /** The other side has done what was asked; its answer is lost. */
  | { kind: 'reset-after' }
  /** The other side's answer breaks off in its body. */
  | { kind: 'cut'; afterBytes: number }
  /** Nothing comes, not even an end. */
  | { kind: 'hang' };

export interface ProxiedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Undefined passes the request on; a promise holds it until then. */
export type FaultPlan = (request: ProxiedRequest) => Fault | undefined | Promise<Fault | undefined>;

export interface FaultProxy {
  url: string;
  /** All that came so far. */
  readonly requests: readonly ProxiedRequest[];
  /** Where requests go; addresses of it in JSON answers are turned into ours, so that what follows comes here too. */
  target: string;
  plan: FaultPlan;
  /** Forgets the requests and lets everything through. */
  clear(): void;
  close(): Promise<void>;
}

/** An HTTP proxy on the loopback interface that misbehaves as it is told. */
export async function startFaultProxy(): Promise<FaultProxy> {
  let requests: ProxiedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request: ProxiedRequest = {
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      answer(proxy, request, outgoing).catch(() => outgoing.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    target: '',
    plan: () => undefined,
    clear() {
      requests = [];
      proxy.plan = () => undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function answer(proxy: FaultProxy, request: ProxiedRequest, outgoing: ServerResponse): Promise<void> {
  const fault = await proxy.plan(request);
  switch (fault?.kind) {
    case 'answer':
      outgoing.writeHead(fault.status, { 'Content-Type': 'application/json', ...fault.headers }).end(fault.body);
      return;
    case 'reset':
      outgoing.destroy();
      return;
    case 'hang':
      return;
  }
  const { status, headers, body } = await passOn(proxy, request);
  if (fault?.kind === 'reset-after') {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, { ...headers, 'Content-Length': String(body.length) });
  if (fault?.kind !== 'cut') {
    outgoing.end(body);
    return;
  }
  outgoing.write(body.subarray(0, fault.afterBytes), () => outgoing.destroy());
}

const HOP_BY_HOP: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']);

async function passOn(proxy: FaultProxy, { method, path, headers, body }: ProxiedRequest) {
  const forwarded = new Headers();
  for (const [name, value] of Object.entries(headers)) if (!HOP_BY_HOP.has(name)) forwarded.set(name, String(value));
  forwarded.set('accept-encoding', 'identity');
  const response = await fetch(proxy.target + path, { method, headers: forwarded, ...(body === '' ? {} : { body }) });
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = type.startsWith('application/json') || type.includes('graphql');
  return {
    status: response.status,
    headers: { 'Content-Type': type },
    body: isJson ? Buffer.from(bytes.toString('utf8').replaceAll(proxy.target, proxy.url)) : bytes,
  };
}
