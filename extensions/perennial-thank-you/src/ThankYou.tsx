/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.thank-you.block.render';
import { render } from 'preact';

import { OrderCard } from './OrderCard.tsx';

declare const shopify: Api;

export default function extension(): void {
  render(<OrderCard host={shopify} orderIdOf={() => shopify.orderConfirmation.value?.order?.id} />, document.body);
}
