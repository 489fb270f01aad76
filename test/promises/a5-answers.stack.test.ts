import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mintAdminSessionToken } from '#test/simulator/admin-shell/embedded-app-url.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { openOverview, saveBarOf, switchLanguage } from '#test/e2e/support/admin-steps.ts';
import { useStage } from '#test/e2e/support/stage.ts';
import { faultsOfAnswer, nonceOf } from '#test/support/answer-faults.ts';
import type { ExpectedAnswer } from '#test/support/answer-faults.ts';
import { hearsViolation, watchPolicies } from '#test/support/policy-violations.ts';
import { readWholeLog } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { routeManifest } from '#test/support/route-manifest.ts';
import { promiseOf } from './promise.ts';

const AGENT = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'] as const;
const PROOFS = 7;
const WAYS = METHODS.length * PROOFS;
const NOBODY = "'none'";
const BOUNCE = '/auth/session-token';
/** Stand for a token that is good when it is sent, and for one whose signature is not: they live for a minute. */
const GOOD = 'the-good-token';
const FORGED = 'the-forged-token';

const stage = useStage(() => syntheticStore(30, { shop: { name: 'Policies' } }));

interface Question {
  path: string;
  method: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
  expected: Omit<ExpectedAnswer, 'path'>;
}

/** Web itself, without the front that adds the local admin to who may frame a page. */
function webUrl(): string {
  const url = /listens on (http:\/\/localhost:\d+)/.exec(readWholeLog(join(stage.perennial.dataDir, 'logs', 'web.log')))?.[1];
  if (url === undefined) throw new Error('web has not said where it listens');
  return url;
}

function everyQuestion(): { ofRoutes: Question[]; others: Question[] } {
  const { domain } = stage.shop.shop;
  const admin = `https://${domain} https://admin.shopify.com`;
  const host = Buffer.from(`admin.shopify.com/store/${domain.split('.')[0]}`).toString('base64');
  const asAdmin = { embedded: '1', shop: domain, host };
  const nobody = { frameAncestors: NOBODY };
  const paths = [...new Set(['/', ...routeManifest().map(({ path }) => path.replaceAll(/\*|:\w+/g, 'anything'))])];
  const elsewhere = 'https://other.myshopify.com https://admin.shopify.com';
  const ofRoutes = [...paths, BOUNCE, '/nowhere', '/app/nowhere', '/%ff', '/a'.repeat(900)].flatMap((path) =>
    METHODS.flatMap((method): Question[] => {
      const isOpened = method === 'GET';
      // What names a shop and proves none may be framed nowhere, but for the page that is there to fetch the proof.
      const isBounce = path === BOUNCE && (isOpened || method === 'HEAD');
      const named = { frameAncestors: isBounce ? admin : NOBODY };
      const proved = { frameAncestors: isOpened || isBounce ? admin : NOBODY };
      const header = { Authorization: `Bearer ${GOOD}` };
      return [
        { path, method, expected: nobody },
        { path, method, query: asAdmin, expected: named },
        { path, method, query: { ...asAdmin, id_token: GOOD }, expected: proved },
        { path, method, query: { ...asAdmin, id_token: FORGED }, expected: named },
        { path, method, query: { ...asAdmin, shop: 'other.myshopify.com', id_token: GOOD }, expected: isBounce ? { frameAncestors: elsewhere } : proved },
        { path, method, headers: header, expected: { frameAncestors: isBounce ? NOBODY : admin } },
        { path, method, query: { _data: 'routes/app._index' }, headers: header, expected: { frameAncestors: admin } },
      ];
    }),
  );
  const shops = ['evil.com', 'other.myshopify.com', 'x.myshopify.com; script-src *', 'x.myshopify.com.evil.com', 'X.MYSHOPIFY.COM', 'evil.com/.myshopify.com', '*.myshopify.com', 'https://evil.com', "x.myshopify.com 'self'", 'a\r\nb.myshopify.com', ''];
  const ofShops = ['/', '/app', '/auth/login', '/nowhere', BOUNCE].flatMap((path) =>
    shops.map((shop): Question => ({
      path,
      method: 'GET',
      query: { embedded: '1', host, shop },
      expected: { frameAncestors: path === BOUNCE && shop === 'other.myshopify.com' ? elsewhere : NOBODY },
    })),
  );
  const assets = readdirSync(join(PROJECT_DIR, 'build', 'client', 'assets')).filter((name) => /\.(js|css)$/.test(name));
  const ofFiles = ['/favicon.svg', ...assets.map((name) => `/assets/${name}`)].flatMap((path) =>
    ['GET', 'HEAD'].map((method): Question => ({ path, method, expected: { ...nobody, isStatic: true } })),
  );
  const odd: Question[] = [
    { path: '/assets/none.js', method: 'GET', expected: nobody },
    { path: '/assets/none.js', method: 'POST', expected: nobody },
    { path: '/webhooks/orders', method: 'POST', headers: { 'X-Shopify-Hmac-Sha256': 'AAAA' }, body: '{}', expected: nobody },
    { path: '/webhooks/orders', method: 'POST', body: 'x'.repeat(1_100_000), expected: nobody },
  ];
  return { ofRoutes, others: [...ofShops, ...ofFiles, ...odd] };
}

function withTokens(fields: Record<string, string> = {}): Record<string, string> {
  const token = mintAdminSessionToken(stage.perennial.simulator.simulator.app, stage.shop, 'a5');
  const sent = (text: string) => text.replace(GOOD, token).replace(FORGED, `${token.slice(0, -6)}AAAAAA`);
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, sent(text)]));
}

/** Small: each address in every other of its 42 ways, the next address in those between. */
const isOfHalf = (_question: Question, index: number): boolean => (index + Math.floor(index / WAYS)) % 2 === 0;

promiseOf('A5', 'every answer of every route', async ({ pick }) => {
  const { ofRoutes, others } = everyQuestion();
  const questions = [...ofRoutes.filter(pick(isOfHalf, () => true)), ...others];
  const base = webUrl();
  const faults: string[] = [];
  const statuses = new Set<number>();
  const nonces: string[] = [];
  let documents = 0;
  let asked = 0;
  const queue = [...questions];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let question = queue.pop(); question; question = queue.pop()) {
        const { path, method, query, headers, body, expected } = question;
        const url = `${base}${path}${query ? `?${new URLSearchParams(withTokens(query))}` : ''}`;
        asked += 1;
        const answer = await fetch(url, {
          method,
          redirect: 'manual',
          // From many addresses, since one has its limits.
          headers: { 'User-Agent': AGENT, Origin: 'https://evil.example', 'X-Forwarded-For': `203.0.113.${asked % 250}`, ...withTokens(headers) },
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: body ?? 'a=b' }),
        });
        const text = await answer.text();
        statuses.add(answer.status);
        const nonce = nonceOf(answer);
        if (nonce !== undefined) nonces.push(nonce);
        documents += nonce === undefined ? 0 : 1;
        for (const fault of faultsOfAnswer(answer, text, { path, ...expected })) {
          faults.push(`${method} ${path.slice(0, 60)} ${JSON.stringify(query ?? headers ?? {}).slice(0, 120)} -> ${answer.status}: ${fault}`);
        }
      }
    }),
  );
  const repeated = nonces.length - new Set(nonces).size;
  return {
    tried: `${questions.length} requests to ${new Set(questions.map(({ path }) => path)).size} addresses, statuses ${[...statuses].sort().join(' ')}`,
    measured: `${faults.length} wrong headers ${faults.length > 0 ? `(${faults.slice(0, 60).join('; ')}) ` : ''}in ${documents} documents and ${questions.length - documents} other answers, ${repeated} nonces twice`,
    isKept: faults.length === 0 && repeated === 0 && documents > 50,
  };
});

promiseOf('A5', 'pages in the admin break no policy', async () => {
  const { page, leave } = await stage.browser.newPerson();
  const violations = await watchPolicies(page.context());
  const { shellUrl } = stage.perennial;
  const app = await openOverview(page, shellUrl);
  let pages = 1;
  const [file] = await Promise.all([page.waitForEvent('download'), app.getByRole('button', { name: 'Download CSV' }).click()]);
  const isSaved = /^cohorts-\d{4}-\d\d-\d\d\.csv$/.test(file.suggestedFilename());
  for (const language of ['简体中文', 'English'] as const) {
    await switchLanguage(page, language);
    for (const path of ['/app', '/app/history', '/app/data-check', '/app/no-such-page', '/app/offers']) {
      await page.goto(shellUrl + path);
      await app.getByRole('heading').first().waitFor();
      pages += 1;
    }
  }
  await app.getByLabel('Discount').fill('25');
  await saveBarOf(page).getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'Order history' }).click();
  await app.getByRole('button', { name: 'Import the history again' }).click();
  const ofPages = [...violations.found];
  const isHeard = await hearsViolation(page, 'app-iframe', violations);
  // A page of nobody: about:blank has no origin that any policy names.
  const stranger = await page.context().newPage();
  await stranger.setContent(`<iframe name="app" src="${stage.perennial.appFrontUrl}/app/offers"></iframe>`);
  await stranger.waitForLoadState();
  const isFramed = (await stranger.frame('app')?.locator('body').innerText().catch(() => ''))?.includes('Perennial') === true;
  await leave();
  return {
    tried: `${pages} pages in two languages, the save bar, a download, a move inside the app, 1 violation on purpose, 1 stranger's frame`,
    measured: `${ofPages.length} violations${ofPages.length > 0 ? `: ${ofPages.slice(0, 3).join('; ')}` : ''}, the one on purpose ${isHeard ? 'heard' : 'not heard'}, the file ${isSaved ? 'saved' : 'not saved'}, framed by the stranger: ${isFramed ? 'yes' : 'no'}`,
    isKept: ofPages.length === 0 && isHeard && isSaved && !isFramed,
  };
});
