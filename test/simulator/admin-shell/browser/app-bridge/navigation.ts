import { ownPath } from './frame-config.ts';
import type { FrameConfig } from './frame-config.ts';
import type { ShellConnection } from './shell-connection.ts';

/** Tells the admin each address that the app moves to, so that the top window's follows. */
export function reportMoves(connection: ShellConnection): void {
  const report = (): void => connection.send({ kind: 'moved', path: ownPath(location) });
  const { pushState, replaceState } = history;
  history.pushState = (...move) => {
    pushState.apply(history, move);
    report();
  };
  history.replaceState = (...move) => {
    replaceState.apply(history, move);
    report();
  };
  addEventListener('popstate', report);
  addEventListener('hashchange', report);
  connection.send({ kind: 'loaded', path: ownPath(location) });
}

/**
 * Asks the app's router to go somewhere: dispatches `shopify:navigate` on a link with that address, which the router of
 * shopify-app-remix listens for. An app that never listens is taken there as by a click on the link.
 */
export function createNavigator(): (link: HTMLAnchorElement) => void {
  let isListenedFor = false;
  const { addEventListener: plainAdd } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function addEventListener(type, listener, options): void {
    if (type === 'shopify:navigate') isListenedFor = true;
    plainAdd.call(this, type, listener, options);
  };
  return (link) => {
    if (isListenedFor) link.dispatchEvent(new CustomEvent('shopify:navigate', { bubbles: true, cancelable: true }));
    else link.click();
  };
}

/** `https://localhost/store/perennial-demo/products` for any of the three ways to write an address in the admin. */
export function adminAddress(href: string, shellOrigin: string, config: FrameConfig): string | undefined {
  const handle = config.shop.replace(/\.myshopify\.com$/, '');
  const path =
    /^shopify:\/*admin(\/.*)?$/.exec(href)?.[1] ??
    (href.startsWith(`https://admin.shopify.com/store/${handle}`)
      ? href.slice(`https://admin.shopify.com/store/${handle}`.length)
      : undefined) ??
    (href.startsWith(`https://${config.shop}/admin`) ? href.slice(`https://${config.shop}/admin`.length) : undefined);
  if (path !== undefined) return `${shellOrigin}/store/${handle}${path}`;
  return /^shopify:\/*admin$/.test(href) ? `${shellOrigin}/store/${handle}` : undefined;
}

/** Sends links and `window.open` calls that leave the frame through the admin, with admin addresses translated. */
export function redirectLeavingLinks(connection: ShellConnection, config: FrameConfig): (url: string) => void {
  const openOnTop = (url: string): void => {
    const target = adminAddress(url, connection.shellOrigin, config) ?? new URL(url, location.href).href;
    connection.send({ kind: 'open', url: target });
  };
  const plainOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    const href = String(url ?? '');
    if (target === '_top' || target === '_parent') openOnTop(href);
    else return plainOpen(adminAddress(href, connection.shellOrigin, config) ?? href, target, features);
    return null;
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
    if (link === null || event.defaultPrevented) return;
    const href = link.getAttribute('href') ?? '';
    const inAdmin = adminAddress(href, connection.shellOrigin, config);
    if (inAdmin === undefined && link.target !== '_top' && link.target !== '_parent') return;
    event.preventDefault();
    if (link.target === '_blank') plainOpen(inAdmin ?? href, '_blank');
    else openOnTop(href);
  });
  return openOnTop;
}
