import type { HostData } from './host-data.ts';

let known: HostData['addresses'] = { orders: '', profile: '', pages: {} };
let ownHandle = '';

export function useAddresses(data: HostData): void {
  known = data.addresses;
  ownHandle = data.extensionHandle;
}

/** Where a link of an extension leads, which may name a place of the account by Shopify's own protocols. */
export function resolveAddress(address: string): string {
  const account = /^shopify:(?:\/\/)?customer-account\/(orders|profile)$/.exec(address)?.[1];
  if (account === 'orders' || account === 'profile') return known[account];
  const page = /^extension:(?:\/\/)?([\w-]*)\/?$/.exec(address);
  return page ? known.pages[page[1] || ownHandle] ?? '' : address;
}
