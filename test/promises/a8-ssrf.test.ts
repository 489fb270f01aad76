import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { afterAll, beforeAll } from 'vitest';

import { createGuardedFetch, RefusedAddressError, type GuardedFetch, type ResolveName } from '#app/adapters/http/guarded-fetch.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { promiseOf } from './promise.ts';

/** Ways to write an address that leads into this machine or its network. All of them are asked for over https. */
const LITERALS = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001', '0x7f.1',
  '127.0.0.1.', '0', '0.0.0.0', '127.255.255.254', '%31%32%37.0.0.1', '１２７.0.0.1', '127。0。0。1', '10.0.0.1',
  '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376',
  '100.64.0.1', '100.100.100.200', '192.0.0.192', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '8.8.8.8',
  '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:169.254.169.254]', '[::127.0.0.1]',
  '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fe80::1]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]',
  '[2606:4700::1]', 'localhost', 'LOCALHOST', 'localhost.', 'metadata', 'ip6-localhost',
].map((host) => `https://${host}/file`);
const OTHERS = [
  'http://storage.googleapis.com/file', 'ftp://storage.googleapis.com/file', 'file:///etc/passwd', 'data:text/plain,x', 'gopher://127.0.0.1/_x',
  'blob:https://storage.googleapis.com/x', 'javascript:1', 'ws://127.0.0.1/', 'https://user@storage.googleapis.com/', 'https://user:pass@127.0.0.1/',
  'https://storage.googleapis.com@127.0.0.1/', 'https://127.0.0.1\\@storage.googleapis.com/', 'https://storage.googleapis.com:8443/', 'https://storage.googleapis.com:22/',
  '//127.0.0.1/', '/etc/passwd', '', 'https://', 'https://storage.googleapis.com:99999/',
];
/** What a name of an attacker's may lead to; several for one name, of which some are honest. */
const RESOLVED = [
  ['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['10.1.2.3'], ['172.20.0.1'], ['192.168.1.1'], ['169.254.169.254'], ['100.64.0.1'], ['0.0.0.0'],
  ['fe80::1'], ['fd00:ec2::254'], ['64:ff9b::7f00:1'], ['2002:7f00:1::1'], ['224.0.0.1'], ['255.255.255.255'], ['::'],
  ['2606:4700::1', '127.0.0.1'], ['127.0.0.1', '2606:4700::1'], ['not an address'],
];

let listener: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).destroy();
  });
  // All of this machine's addresses, of both families where it has both.
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen({ port: 0 }, resolve));
  ({ port } = listener.address() as AddressInfo);
});

afterAll(() => new Promise((resolve) => listener.close(resolve)));

/** The app's fetch, but every address leads to the listener's port: whatever the guard lets through arrives there. */
const fetchAtListener: typeof fetch = (input, init) => {
  const url = new URL(String(input));
  url.port = String(port);
  return fetch(url, init);
};

async function isRefused(guarded: GuardedFetch, address: string, through = fetchAtListener): Promise<boolean> {
  const limits = { deadlineMs: 300, maxBytes: 1_000 };
  return guarded(through, address, limits).then(() => false, (error: unknown) => error instanceof RefusedAddressError);
}

const resolvingTo = (addresses: readonly string[]): ResolveName => (_name, done) =>
  done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

async function reachesListener(): Promise<boolean> {
  const before = connections;
  await fetch(`http://127.0.0.1:${port}/`).catch(() => {});
  return connections === before + 1;
}

promiseOf('A8', 'addresses and names', async () => {
  const isListening = await reachesListener();
  const before = connections;
  const guarded = createGuardedFetch();
  const letThrough: string[] = [];
  for (const address of [...LITERALS, ...OTHERS]) if (!(await isRefused(guarded, address))) letThrough.push(address);
  for (const addresses of RESOLVED) {
    if (!(await isRefused(createGuardedFetch(resolvingTo(addresses)), 'https://files.example.com/'))) letThrough.push(addresses.join(' '));
  }
  const reached = connections - before;
  return {
    tried: `${LITERALS.length + OTHERS.length} URLs, ${RESOLVED.length} names`,
    measured: `${reached} connections, ${letThrough.length} not refused ${letThrough.slice(0, 3).join(', ')}`.trim(),
    isKept: isListening && reached === 0 && letThrough.length === 0,
  };
});

promiseOf('A8', 'second answers and redirects', async () => {
  const before = connections;
  // Honest at first and then not, for the same name: nothing listens at the first, which no route leads to here.
  let answers = 0;
  const rebinding: ResolveName = (name, done) => {
    answers += 1;
    resolvingTo(answers % 2 === 1 ? ['2606:4700::1'] : ['127.0.0.1'])(name, done);
  };
  const guarded = createGuardedFetch(rebinding);
  const outcomes: boolean[] = [];
  for (let turn = 0; turn < 20; turn += 1) outcomes.push(await isRefused(guarded, 'https://files.example.com/'));
  const isPinned = answers === 20 && outcomes.every((refused, turn) => refused === (turn % 2 === 1));

  const statuses = [301, 302, 303, 307, 308];
  const redirector = createHttpServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1)), { Location: `http://127.0.0.1:${port}/` }).end();
  });
  await new Promise<void>((resolve) => redirector.listen(0, '127.0.0.1', resolve));
  const { port: redirectorPort } = redirector.address() as AddressInfo;
  let followed = 0;
  for (const status of statuses) {
    const through: typeof fetch = (_input, init) => fetch(`http://127.0.0.1:${redirectorPort}/${status}`, { ...init, dispatcher: undefined } as RequestInit);
    await createGuardedFetch()(through, 'https://files.example.com/').then(() => (followed += 1), () => {});
  }
  redirector.closeAllConnections();
  await new Promise((resolve) => redirector.close(resolve));
  const reached = connections - before;
  return {
    tried: `20 turns of a name with two faces, ${statuses.length} redirects`,
    measured: `${reached} connections, ${followed} redirects followed, ${isPinned ? 'one look-up a connection' : 'NOT PINNED'}`,
    isKept: reached === 0 && followed === 0 && isPinned,
  };
});

promiseOf('A8', 'the file of a bulk operation', async ({ pick }) => {
  const store = syntheticStore(1);
  const faulty: FaultyApp = await startFaultyApp(store);
  try {
    const context: ShopContext = await faulty.app.install(store.shop.domain);
    const addresses = [...LITERALS, ...OTHERS].slice(0, pick(12, LITERALS.length + OTHERS.length)).map((address) => address.replace('/file', `:${port}/file`));
    const before = connections;
    let ended = 0;
    for (const address of addresses) {
      await faulty.owner.query('TRUNCATE imports');
      await faulty.owner.query(
        `INSERT INTO imports (shop_id, import_id, resource, state, bulk_operation_id, requested_at)
         VALUES ($1, gen_random_uuid(), 'orders', 'running', 'gid://shopify/BulkOperation/1', now())`,
        [context.shop.shopId],
      );
      faulty.proxy.plan = ({ body }) => {
        if (body.includes('bulkOperationRunQuery')) {
          return { kind: 'answer', status: 200, body: '{"data":{"bulkOperationRunQuery":{"bulkOperation":{"id":"gid://shopify/BulkOperation/1","status":"CREATED"},"userErrors":[]}}}' };
        }
        if (!body.includes('BulkOperation/1')) return undefined;
        const bulkOperation = { id: 'gid://shopify/BulkOperation/1', status: 'COMPLETED', errorCode: null, createdAt: '2026-11-01T00:00:00Z', objectCount: '5', rootObjectCount: '5', url: address, partialDataUrl: null };
        return { kind: 'answer', status: 200, body: JSON.stringify({ data: { bulkOperation } }) };
      };
      const errors = await faulty.pull(context);
      const [pull] = await faulty.rows('SELECT state, error_code FROM imports');
      if (errors.length === 0 && pull?.['state'] === 'failed' && pull['error_code'] === 'file-gone') ended += 1;
    }
    const reached = connections - before;
    return {
      tried: `${addresses.length} addresses`,
      measured: `${reached} connections, ${ended} imports ended as failed`,
      isKept: reached === 0 && ended === addresses.length,
    };
  } finally {
    await faulty.stop();
  }
});
