import { html, raw } from 'hono/html';

import type { HostData } from './browser/host/host-data.ts';
import type { Html } from './pages/layout.ts';
import { directionOf } from './shop-words.ts';

/** The document in which one target of an extension runs, as alone as it is in the worker of a real checkout. */
export function extensionFramePage(name: string, data: HostData): Html {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const surface = data.admin ? 'admin' : data.target.startsWith('customer-account.') ? 'account' : 'checkout';
  return html`<!DOCTYPE html>
    <html lang="${data.locale}" dir="${directionOf(data.locale)}" data-surface="${surface}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${name}</title>
        <link rel="stylesheet" href="/storefront/extension-frame.css" />
        <script type="application/json" id="host-data">
          ${raw(json)}
        </script>
        <script src="/storefront/extension-host.js" defer></script>
        <script src="${data.scriptAddress}" defer></script>
      </head>
      <body></body>
    </html>`;
}
