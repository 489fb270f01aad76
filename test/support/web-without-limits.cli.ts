import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import type { ServerBuild } from '@remix-run/node';

import { createRemixListener } from '#app/adapters/http/remix-listener.server.ts';
import { env } from '#app/env.server.ts';
import { PROJECT_DIR } from './project-dir.ts';

/*
 * The built app as `npm start` serves it, pool and all, but for the request limits, which would refuse most of what one
 * customer asks in a second: for tests of what is behind them. Says its port in a line, and is ended by a signal.
 */
const build: ServerBuild = await import(pathToFileURL(join(PROJECT_DIR, 'build', 'server', 'index.js')).href);
const answer = createRemixListener(build, { origin: env.SHOPIFY_APP_URL });
const server = createServer((request, response) => void answer(request, response));
server.listen({ port: 0, host: '127.0.0.1', backlog: 2_000 }, () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
