import type { ShellConnection } from './shell-connection.ts';

/** `<ui-nav-menu>` and `<s-app-nav>`: the app's own pages, listed by the admin below the app's name. */
export function defineNavMenu(connection: ShellConnection, navigate: (link: HTMLAnchorElement) => void): void {
  class NavMenu extends HTMLElement {
    readonly #watch = new MutationObserver(() => this.#report());

    connectedCallback(): void {
      this.#watch.observe(this, { childList: true, subtree: true, characterData: true, attributes: true });
      this.#report();
    }

    disconnectedCallback(): void {
      this.#watch.disconnect();
    }

    #report(): void {
      const links = [...this.querySelectorAll<HTMLAnchorElement>('a[href], s-link[href]')];
      const home = links.find((link) => link.getAttribute('rel') === 'home');
      connection.send({
        kind: 'nav-menu',
        homeHref: home?.getAttribute('href') ?? '/',
        items: links
          .filter((link) => link !== home)
          .map((link) => ({ label: link.textContent.trim(), href: link.getAttribute('href') ?? '/' })),
      });
    }
  }
  customElements.define('ui-nav-menu', NavMenu);
  customElements.define('s-app-nav', class extends NavMenu {});

  connection.on('go', ({ href }) => {
    const inMenu = [...document.querySelectorAll<HTMLAnchorElement>('ui-nav-menu a[href], s-app-nav a[href]')];
    const link = inMenu.find((known) => known.getAttribute('href') === href);
    if (link) return navigate(link);
    const passing = document.createElement('a');
    passing.href = href;
    passing.hidden = true;
    document.body.append(passing);
    navigate(passing);
    passing.remove();
  });
}
