import type { NavItem } from '../messages.ts';
import { part } from './parts.ts';

/** The app's own pages below its name in the left navigation. */
export class AppNav {
  readonly #list = part('#app-nav', HTMLElement);
  readonly #home = part('#app-home', HTMLAnchorElement);
  #homeHref = '/';
  #items: NavItem[] = [];
  #path = '/';

  /** Turns a path inside the app into the address of the top window. */
  readonly topAddress: (path: string) => string;
  readonly onGo: (href: string) => void;

  constructor(topAddress: (path: string) => string, onGo: (href: string) => void) {
    this.topAddress = topAddress;
    this.onGo = onGo;
    this.#home.addEventListener('click', (event) => this.#follow(event, this.#homeHref));
  }

  update(homeHref: string, items: NavItem[]): void {
    this.#homeHref = homeHref;
    this.#items = items;
    this.#list.replaceChildren(...items.map((item) => this.#drawItem(item)));
    this.mark(this.#path);
  }

  /** Marks the item whose page is open; the longest match wins, the app's name stands for its home. */
  mark(path: string): void {
    this.#path = path;
    const pathname = path.split(/[?#]/)[0] ?? path;
    const current = this.#items
      .map((item) => item.href.split(/[?#]/)[0] ?? item.href)
      .filter((href) => pathname === href || pathname.startsWith(`${href}/`))
      .sort((left, right) => right.length - left.length)[0];
    for (const link of this.#list.querySelectorAll('a')) setCurrent(link, link.dataset.href === current);
    setCurrent(this.#home, current === undefined || current === this.#homeHref);
  }

  #drawItem(item: NavItem): HTMLElement {
    const entry = document.createElement('li');
    const link = document.createElement('a');
    link.href = this.topAddress(item.href);
    link.dataset.href = item.href.split(/[?#]/)[0] ?? item.href;
    link.textContent = item.label;
    link.addEventListener('click', (event) => this.#follow(event, item.href));
    entry.append(link);
    return entry;
  }

  #follow(event: MouseEvent, href: string): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.onGo(href);
  }
}

function setCurrent(link: HTMLElement, isCurrent: boolean): void {
  if (isCurrent) link.setAttribute('aria-current', 'page');
  else link.removeAttribute('aria-current');
}
