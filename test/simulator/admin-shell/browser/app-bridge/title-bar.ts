import type { TitleBarAction } from '../messages.ts';
import type { ShellConnection } from './shell-connection.ts';

/** `<ui-title-bar>`: title, breadcrumb and actions, drawn by the admin above the frame. */
export function defineTitleBar(connection: ShellConnection): void {
  const pressable = new Map<string, HTMLElement>();

  class TitleBar extends HTMLElement {
    static readonly observedAttributes = ['title'];
    readonly #watch = new MutationObserver(() => this.#report());

    connectedCallback(): void {
      this.#watch.observe(this, { childList: true, subtree: true, characterData: true, attributes: true });
      this.#report();
    }

    attributeChangedCallback(): void {
      this.#report();
    }

    disconnectedCallback(): void {
      this.#watch.disconnect();
      if (document.querySelector('ui-title-bar') === null) {
        connection.send({ kind: 'title-bar', state: { title: null, breadcrumb: null, actions: [] } });
      }
    }

    #report(): void {
      if (!this.isConnected || this.closest('ui-modal')) return;
      pressable.clear();
      const elements = [...this.querySelectorAll<HTMLElement>('button, a')];
      elements.forEach((element, index) => pressable.set(String(index), element));
      const actions = elements.map((element, index) => describeAction(element, String(index)));
      const breadcrumb = elements.findIndex((element) => element.getAttribute('variant') === 'breadcrumb');
      connection.send({
        kind: 'title-bar',
        state: {
          title: this.getAttribute('title'),
          breadcrumb:
            breadcrumb < 0 ? null : { id: String(breadcrumb), label: elements[breadcrumb]?.textContent.trim() ?? '' },
          actions: actions.filter((_, index) => index !== breadcrumb),
        },
      });
    }
  }
  customElements.define('ui-title-bar', TitleBar);
  connection.on('press', ({ id }) => pressable.get(id)?.click());
}

export function describeAction(element: HTMLElement, id: string): TitleBarAction {
  const loading = element.getAttribute('loading');
  return {
    id,
    label: element.textContent.trim(),
    primary: element.getAttribute('variant') === 'primary',
    critical: element.getAttribute('tone') === 'critical',
    disabled: element.hasAttribute('disabled') || (loading !== null && loading !== 'false'),
    group: element.closest('section')?.getAttribute('label') ?? null,
  };
}
