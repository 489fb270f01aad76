import { html } from 'hono/html';

import type { Html } from './layout.ts';

/** One block of the app on a page, in a frame of its own. */
export interface BlockFrame {
  name: string;
  address: string;
}

export function blockFrames(blocks: readonly BlockFrame[]): Html {
  return html`${blocks.map(
      (block) =>
        html`<iframe
          class="block"
          data-extension="${block.name}"
          title="${block.name}"
          src="${block.address}"
          allow="clipboard-write"
        ></iframe>`,
    )}
    <script type="module" src="/storefront/block-frames.js"></script>`;
}
