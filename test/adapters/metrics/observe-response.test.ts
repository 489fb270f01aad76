import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';

import { register } from 'prom-client';
import { expect, it } from 'vitest';

import { createRoutePatterns } from '#app/adapters/http/route-pattern.server.ts';
import { observeResponse } from '#app/adapters/metrics/observe-response.server.ts';

const route = (id: string, path: string | undefined, parentId?: string) => ({ id, path, parentId, module: {} });
const BUILD = {
  root: route('root', ''),
  app: route('app', 'app', 'root'),
  customer: route('customer', 'customers/:customerId', 'app'),
  rest: route('rest', '*', 'root'),
};

it('a request is counted by the pattern of its route and the kind of its answer, and one that was hung up on as the caller’s doing', async () => {
  const patternOf = createRoutePatterns(BUILD as never);
  let nowMs = 0;
  let hungUp: Promise<unknown> | undefined;
  const server = createServer((request, response) => {
    observeResponse(response, patternOf(request.url ?? ''), () => (nowMs += 250));
    if (request.url === '/hang') {
      hungUp = once(response, 'close');
      response.write('x');
      return;
    }
    response.writeHead(request.url === '/nowhere' ? 404 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const path of ['/app/customers/4711', '/app/customers/4712', '/nowhere']) await fetch(`${origin}${path}`);
  const asked = get(`${origin}/hang`, (response) => response.once('data', () => asked.destroy()));
  await once(asked, 'close');
  await hungUp;
  await new Promise((resolve) => server.close(resolve));
  const counted = (await register.getSingleMetric('perennial_request_seconds')?.get())?.values.filter((value) => 'metricName' in value && String(value.metricName).endsWith('_count'));
  expect(counted?.map(({ labels, value }) => [labels['route'], labels['status'], value])).toEqual([
    ['/app/customers/:customerId', '2xx', 2],
    ['/*', '4xx', 2],
  ]);
});
