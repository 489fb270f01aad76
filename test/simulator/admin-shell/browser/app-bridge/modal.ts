import type { ShellConnection } from './shell-connection.ts';
import { describeAction } from './title-bar.ts';

const WIDTHS: Record<string, string> = { small: '24rem', base: '38rem', large: '60rem', max: '100%' };

const FRAME = `
  <style>
    dialog { border: 0; padding: 0; border-radius: 16px; width: calc(100% - 2rem); box-sizing: border-box;
      font: 400 13px/1.5 Inter, system-ui, sans-serif; color: #303030; box-shadow: 0 20px 60px #0000004d; }
    dialog::backdrop { background: #00000080; }
    header, footer { display: flex; align-items: center; gap: 8px; padding: 12px 16px; }
    header { justify-content: space-between; background: #f3f3f3; font-weight: 650; font-size: 14px; }
    footer { justify-content: flex-end; border-top: 1px solid #ebebeb; }
    footer:empty { display: none; }
    iframe { border: 0; width: 100%; height: 60vh; display: block; }
    button { font: inherit; font-weight: 550; border: 0; border-radius: 8px; padding: 6px 12px; background: #e3e3e3;
      color: inherit; cursor: pointer; }
    button.primary { background: #303030; color: #fff; }
    button.close { background: none; font-size: 18px; line-height: 1; padding: 4px 8px; }
    button:focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
    button:disabled { opacity: .5; cursor: default; }
  </style>
  <dialog aria-labelledby="title">
    <header><span id="title"></span><button class="close" type="button" aria-label="Close">×</button></header>
    <div class="body"><slot></slot></div>
    <footer></footer>
  </dialog>`;

/** `<ui-modal>`, drawn inside the app's frame while the admin around it is dimmed. */
export function defineModal(connection: ShellConnection): void {
  class UiModal extends HTMLElement {
    #content: HTMLElement | undefined;
    readonly #dialog: HTMLDialogElement | null;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: 'open' });
      shadow.innerHTML = FRAME;
      this.#dialog = shadow.querySelector('dialog');
      shadow.querySelector('.close')?.addEventListener('click', () => void this.hide());
      this.#dialog?.addEventListener('close', () => {
        connection.send({ kind: 'modal', isOpen: false });
        this.dispatchEvent(new CustomEvent('hide'));
      });
    }

    /**
     * Where app-bridge-react puts the content; in the light tree, so that the app's styles reach it, and made on first
     * use, since React would trip over a child that it did not render on the server.
     */
    get content(): HTMLElement {
      if (!this.#content) {
        this.#content = document.createElement('div');
        this.append(this.#content);
      }
      return this.#content;
    }

    get variant(): string {
      return this.getAttribute('variant') ?? 'base';
    }

    set variant(variant: string) {
      this.setAttribute('variant', variant);
    }

    get src(): string | undefined {
      return this.getAttribute('src') ?? undefined;
    }

    get contentWindow(): Window | null {
      return this.content.querySelector('iframe')?.contentWindow ?? null;
    }

    async show(): Promise<void> {
      if (!this.#dialog || this.#dialog.open) return;
      this.#drawTitleBar();
      this.#dialog.style.maxWidth = WIDTHS[this.variant] ?? WIDTHS.base ?? '';
      if (this.src !== undefined) {
        const frame = document.createElement('iframe');
        frame.src = this.src;
        this.content.replaceChildren(frame);
      }
      this.#dialog.showModal();
      connection.send({ kind: 'modal', isOpen: true });
      this.dispatchEvent(new CustomEvent('show'));
    }

    async hide(): Promise<void> {
      if (this.#dialog?.open) this.#dialog.close();
    }

    async toggle(): Promise<void> {
      await (this.#dialog?.open ? this.hide() : this.show());
    }

    #drawTitleBar(): void {
      const titleBar = this.querySelector('ui-title-bar');
      const title = this.shadowRoot?.querySelector('#title');
      if (title) title.textContent = titleBar?.getAttribute('title') ?? '';
      const buttons = [...(titleBar?.querySelectorAll<HTMLElement>('button, a') ?? [])].map((element, index) => {
        const action = describeAction(element, String(index));
        const button = document.createElement('button');
        button.textContent = action.label;
        button.className = action.primary ? 'primary' : '';
        button.disabled = action.disabled;
        button.addEventListener('click', () => element.click());
        return button;
      });
      this.shadowRoot?.querySelector('footer')?.replaceChildren(...buttons.reverse());
    }
  }
  customElements.define('ui-modal', UiModal);
}

/** `shopify.modal`: the same by id. */
export const modalApi = {
  show: (id: string): Promise<void> => callOn(id, 'show'),
  hide: (id: string): Promise<void> => callOn(id, 'hide'),
  toggle: (id: string): Promise<void> => callOn(id, 'toggle'),
};

async function callOn(id: string, method: 'show' | 'hide' | 'toggle'): Promise<void> {
  const element = document.getElementById(id);
  const call: unknown = element && Reflect.get(element, method);
  if (typeof call !== 'function') throw new Error(`App Bridge: there is no ui-modal with the id "${id}".`);
  await call.call(element);
}
