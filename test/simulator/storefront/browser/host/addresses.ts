import type { HostData } from './host-data.ts';

let known: HostData['addresses'] = { orders: '', profile: '', pages: {} };
let ownHandle = '';
let admin: HostData['admin'] = null;

export function useAddresses(data: HostData): void {
  known = data.addresses;
  ownHandle = data.extensionHandle;
  admin = data.admin;
}

/** Where a link of an extension leads, which may name a place of the account or the admin by Shopify's own protocols. */
export function resolveAddress(address: string): string {
  const [, protocol, path = ''] = /^(app:|shopify:(?:\/\/)?admin\/)(.*)$/.exec(address) ?? [];
  if (admin && protocol !== undefined) return `${protocol === 'app:' ? admin.appRoot : admin.storeRoot}/${path}`;
  const account = /^shopify:(?:\/\/)?customer-account\/(orders|profile)$/.exec(address)?.[1];
  if (account === 'orders' || account === 'profile') return known[account];
  const page = /^extension:(?:\/\/)?([\w-]*)\/?$/.exec(address);
  return page ? known.pages[page[1] || ownHandle] ?? '' : address;
}
