import type { Context, Hono } from 'hono';
import { html } from 'hono/html';

import { toGid } from '../global-id.ts';
import type { SimShopState, Simulator } from '../simulator.ts';
import type { SimSegment } from '../state.ts';
import { readExtensions } from '../storefront/extension-catalogue.ts';
import { extensionFramePage } from '../storefront/extension-frame.ts';
import { readExtensionName, readExtensionTexts } from '../storefront/extension-texts.ts';
import { hostDataOfAdmin } from '../storefront/host-data-of.ts';
import { blockFrames } from '../storefront/pages/block-frames.ts';
import type { Html } from './shell-layout.ts';
import { SHELL_WORDS } from './shell-words.ts';
import type { AdminLocale } from './shell-words.ts';
import { customerName } from './store-pages.ts';

const CUSTOMER_BLOCK = 'admin.customer-details.block.render';
const SEGMENT_ACTION = 'admin.customer-segment-details.action.render';

export interface AdminPage {
  shop: SimShopState;
  locale: AdminLocale;
  storeRoot: string;
}

interface Place {
  name: string;
  address: string;
}

/** The app's extensions for one target, each in a frame about the thing that is looked at; none while the app is not installed. */
async function placesFor({ shop, locale, storeRoot }: AdminPage, extensionsFolder: string, target: string, id: string): Promise<(Place & { label: string })[]> {
  if (!shop.isInstalled()) return [];
  const extensions = (await readExtensions(extensionsFolder)).filter(({ targets }) => targets.some((one) => one.target === target));
  return Promise.all(
    extensions.map(async (extension) => {
      const address = `${storeRoot}/extensions/${extension.handle}/${target}?id=${encodeURIComponent(id)}`;
      return { name: extension.handle, label: await readExtensionName(extension, locale), address };
    }),
  );
}

/** One customer, with the blocks of the app. */
export async function customerPage(page: AdminPage, extensionsFolder: string, id: number): Promise<Html | undefined> {
  const customer = page.shop.customers.get(id);
  if (!customer || customer.deletedAt !== null) return undefined;
  const blocks = await placesFor(page, extensionsFolder, CUSTOMER_BLOCK, toGid('Customer', id));
  return html`<div class="page page--narrow">
    <h1>${customerName(customer) || id}</h1>
    <div class="card">${customer.email ?? '—'}</div>
    ${blocks.map((block) => html`<div class="card">${blockFrames([block])}</div>`)}
  </div>`;
}

export function segmentsPage({ shop, locale, storeRoot }: AdminPage): Html {
  const words = SHELL_WORDS[locale];
  const segments = presentSegments(shop);
  return html`<div class="page page--narrow">
    <h1>${words.segments}</h1>
    <div class="card">
      ${segments.length === 0 ? html`<p class="empty">${words.nothingYet}</p>` : ''}
      ${segments.map(({ id, name }) => html`<p><a href="${storeRoot}/customers/segments/${id}">${name}</a></p>`)}
    </div>
  </div>`;
}

/** One segment, with the actions of the app, each in a modal. */
export async function segmentPage(page: AdminPage, extensionsFolder: string, id: number): Promise<Html | undefined> {
  const segment = presentSegments(page.shop).find((one) => one.id === id);
  if (!segment) return undefined;
  const words = SHELL_WORDS[page.locale];
  const actions = await placesFor(page, extensionsFolder, SEGMENT_ACTION, toGid('Segment', id));
  return html`<div class="page page--narrow">
    <h1>${segment.name}</h1>
    <div class="card"><code>${segment.query}</code></div>
    <div class="card card--row">
      <b class="grow">${words.useSegment}</b>
      ${actions.map(({ name, label }) => html`<button class="button" data-action="${name}">${label}</button>`)}
    </div>
    ${actions.map(({ name, address }) => html`<dialog class="dialog dialog--action" id="action-${name}" data-address="${address}"></dialog>`)}
    ${html`<script type="module" src="/storefront/block-frames.js"></script>`}
    <script type="module" src="/admin-shell/segment-actions.js"></script>
  </div>`;
}

function presentSegments(shop: SimShopState): SimSegment[] {
  return [...shop.segments.values()].filter(({ isDeleted }) => !isDeleted);
}

/** The documents that the blocks and actions run in. */
export function addAdminExtensionFrames(
  routes: Hono,
  simulator: Simulator,
  extensionsFolder: string,
  read: (context: Context) => AdminPage | undefined,
): void {
  const { app } = simulator;
  routes.get('/store/:handle/extensions/:extension/:target', async (context) => {
    const page = read(context);
    const [handle, target = ''] = [context.req.param('extension'), context.req.param('target')];
    const extension = (await readExtensions(extensionsFolder)).find((one) => one.handle === handle && one.targets.some((other) => other.target === target));
    if (!page || !extension) return context.notFound();
    const { shop, locale, storeRoot } = page;
    const data = hostDataOfAdmin(
      {
        ...{ extension, target, shop, customer: undefined, ordersCount: 0, isInEditor: false, isOrderLate: false, storefrontUrl: simulator.origin },
        texts: await readExtensionTexts(extension, locale),
        tokenAddress: `${storeRoot}/session-token`,
        scriptAddress: `/extensions/${extension.handle}.js`,
        addresses: { orders: '', profile: '', pages: {} },
      },
      locale,
      { selectedId: context.req.query('id') ?? '', appUrl: app.publicUrl, appRoot: `${storeRoot}/apps/${app.handle}`, storeRoot },
    );
    context.header('Cache-Control', 'no-store');
    return context.html(extensionFramePage(await readExtensionName(extension, locale), data));
  });
}
