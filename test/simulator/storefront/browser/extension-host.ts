import { accountApi, accountNavigation } from './host/account-api.ts';
import { adminApi, sendToApp } from './host/admin-api.ts';
import { resolveAddress, useAddresses } from './host/addresses.ts';
import { checkoutApi } from './host/checkout-api.ts';
import { tellPage } from './host/frame-messages.ts';
import type { HostData } from './host/host-data.ts';
import { Signals } from './host/signals.ts';
import { defineElements } from './elements/define-elements.ts';

type Render = (api: unknown) => unknown;

/** Written by our own server into this very page, so its form is trusted. */
function readHostData(): HostData {
  return JSON.parse(document.querySelector('#host-data')?.textContent ?? '{}');
}

const data = readHostData();
const isAccount = data.target.startsWith('customer-account.');
useAddresses(data);
const signals = new Signals();
const renders = new Map<string, Render>();

const shopify = Object.defineProperties(
  {
    extend: (target: string, render: Render) => void renders.set(target, render),
    reload: () => location.reload(),
    setSignals: (signalClass: new (value: unknown) => object) => signals.useClass(signalClass),
  },
  Object.getOwnPropertyDescriptors(data.admin ? adminApi(data, data.admin) : isAccount ? accountApi(data, signals) : checkoutApi(data, signals)),
);
Object.defineProperty(window, 'shopify', { value: shopify });
if (data.admin) sendToApp(data, data.admin);
if (isAccount) Object.defineProperty(window, 'navigation', { value: accountNavigation(resolveAddress) });

defineElements();
addEventListener('error', (event) => giveUp(event.error ?? event.message));
// Deferred scripts have run by then, and with them the extension's call to `extend`.
addEventListener('DOMContentLoaded', () => void run());

async function run(): Promise<void> {
  reportHeight();
  const render = renders.get(data.target);
  try {
    if (!render) throw new Error(`The extension has nothing for ${data.target}.`);
    await render(shopify);
  } catch (error) {
    giveUp(error);
  }
}

/** A failing extension leaves the checkout as if it were not there. */
function giveUp(error: unknown): void {
  console.warn('The extension failed and its block was removed:', error);
  tellPage({ kind: 'failed' });
}

function reportHeight(): void {
  new ResizeObserver(() => {
    const isEmpty = document.body.childElementCount === 0 || document.body.clientHeight <= 1;
    tellPage({ kind: 'height', heightPx: isEmpty ? 0 : document.documentElement.offsetHeight });
  }).observe(document.body);
}
