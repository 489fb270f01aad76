import type { ShellConnection } from './shell-connection.ts';

/** Something whose changes the contextual save bar holds: a `<ui-save-bar>` or a form with `data-save-bar`. */
interface Held {
  isDiscardConfirmed(): boolean;
  saveButton(): { disabled: boolean; loading: boolean };
  isDiscardDisabled(): boolean;
  save(): void;
  discard(): void;
}

/** The one save bar of the admin, and which part of the app's page it belongs to at the moment. */
export class SaveBar {
  readonly connection: ShellConnection;
  #held: Held | undefined;

  constructor(connection: ShellConnection) {
    this.connection = connection;
    connection.on('save', () => this.#held?.save());
    connection.on('discard', () => this.#held?.discard());
  }

  get isVisible(): boolean {
    return this.#held !== undefined;
  }

  holds(held: Held): boolean {
    return this.#held === held;
  }

  show(held: Held): void {
    this.#held = held;
    const { disabled, loading } = held.saveButton();
    this.connection.send({
      kind: 'save-bar',
      state: {
        visible: true,
        discardConfirmation: held.isDiscardConfirmed(),
        saveDisabled: disabled,
        saveLoading: loading,
        discardDisabled: held.isDiscardDisabled(),
      },
    });
  }

  hide(held: Held): void {
    if (this.#held !== held) return;
    this.#held = undefined;
    this.connection.send({
      kind: 'save-bar',
      state: {
        visible: false,
        discardConfirmation: false,
        saveDisabled: false,
        saveLoading: false,
        discardDisabled: false,
      },
    });
  }

  /** Resolves at once without unsaved changes; else when the merchant chooses to leave, and never when they stay. */
  async leaveConfirmation(): Promise<void> {
    if (!this.#held) return;
    if ((await this.connection.ask('leave-confirmation')) === true) this.#held.discard();
    else await new Promise(() => {});
  }

  /** Holds back clicks on links inside the app while changes are unsaved, and repeats them once the merchant agrees. */
  guardLinks(): void {
    document.addEventListener(
      'click',
      (event) => {
        const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
        if (!this.#held || link === null || link.target === '_blank' || link.closest('ui-save-bar')) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        void this.leaveConfirmation().then(() => link.click());
      },
      { capture: true },
    );
  }
}

/** `<ui-save-bar>`: shown and hidden by the app; its button with `variant="primary"` saves, the other discards. */
export function defineSaveBarElement(saveBar: SaveBar): void {
  class UiSaveBar extends HTMLElement implements Held {
    readonly #watch = new MutationObserver(() => {
      if (this.showing) saveBar.show(this);
    });

    connectedCallback(): void {
      this.#watch.observe(this, { childList: true, subtree: true, attributes: true });
    }

    disconnectedCallback(): void {
      this.#watch.disconnect();
      saveBar.hide(this);
    }

    get showing(): boolean {
      return saveBar.holds(this);
    }

    get discardConfirmation(): boolean {
      return this.isDiscardConfirmed();
    }

    set discardConfirmation(isConfirmed: boolean) {
      this.toggleAttribute('discardConfirmation', isConfirmed);
    }

    async show(): Promise<void> {
      if (this.showing) return;
      saveBar.show(this);
      this.dispatchEvent(new CustomEvent('show'));
    }

    async hide(): Promise<void> {
      if (!this.showing) return;
      saveBar.hide(this);
      this.dispatchEvent(new CustomEvent('hide'));
    }

    async toggle(): Promise<void> {
      await (this.showing ? this.hide() : this.show());
    }

    isDiscardConfirmed(): boolean {
      return this.hasAttribute('discardConfirmation');
    }

    saveButton(): { disabled: boolean; loading: boolean } {
      const button = this.#button(true);
      const loading = button?.getAttribute('loading') ?? null;
      return { disabled: button?.disabled ?? false, loading: loading !== null && loading !== 'false' };
    }

    isDiscardDisabled(): boolean {
      return this.#button(false)?.disabled ?? false;
    }

    save(): void {
      this.#button(true)?.click();
    }

    discard(): void {
      this.#button(false)?.click();
      void this.hide();
    }

    #button(isPrimary: boolean): HTMLButtonElement | undefined {
      return [...this.querySelectorAll('button')].find(
        (button) => (button.getAttribute('variant') === 'primary') === isPrimary,
      );
    }
  }
  customElements.define('ui-save-bar', UiSaveBar);
}

/** `shopify.saveBar`. */
export function saveBarApi(saveBar: SaveBar): Record<string, (id: string) => Promise<void>> {
  const callOn = async (id: string, method: 'show' | 'hide' | 'toggle'): Promise<void> => {
    const element = document.getElementById(id);
    const call: unknown = element && Reflect.get(element, method);
    if (typeof call !== 'function') throw new Error(`App Bridge: there is no ui-save-bar with the id "${id}".`);
    await call.call(element);
  };
  return {
    show: (id) => callOn(id, 'show'),
    hide: (id) => callOn(id, 'hide'),
    toggle: (id) => callOn(id, 'toggle'),
    leaveConfirmation: () => saveBar.leaveConfirmation(),
  };
}
