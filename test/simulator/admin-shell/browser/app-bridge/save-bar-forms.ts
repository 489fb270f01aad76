import type { SaveBar } from './save-bar.ts';

/**
 * Forms with `data-save-bar`: the save bar appears when a field differs from what it held before, Save submits the
 * form, Discard resets it. Submitting or resetting hides the bar.
 */
export function watchSaveBarForms(saveBar: SaveBar): void {
  const watched = new Map<HTMLFormElement, WatchedForm>();

  const adopt = (): void => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-save-bar]')) {
      if (!watched.has(form)) watched.set(form, new WatchedForm(form, saveBar));
    }
    for (const [form, known] of watched) {
      if (form.isConnected) continue;
      saveBar.hide(known);
      watched.delete(form);
    }
  };

  const onChange = (event: Event): void => {
    const field = event.target;
    const form = field instanceof Element ? formOf(field) ?? null : null;
    // Frameworks write hidden fields after the event, so the comparison waits for them.
    if (form) setTimeout(() => watched.get(form)?.compare(), 0);
  };
  document.addEventListener('input', onChange, { capture: true });
  document.addEventListener('change', onChange, { capture: true });
  new MutationObserver(adopt).observe(document.documentElement, { childList: true, subtree: true });
  adopt();
}

function formOf(field: Element): HTMLFormElement | null | undefined {
  const hasForm =
    field instanceof HTMLInputElement ||
    field instanceof HTMLSelectElement ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLButtonElement;
  return hasForm ? field.form : field.closest('form');
}

class WatchedForm {
  readonly form: HTMLFormElement;
  readonly saveBar: SaveBar;
  #saved: string;

  constructor(form: HTMLFormElement, saveBar: SaveBar) {
    this.form = form;
    this.saveBar = saveBar;
    this.#saved = fieldsOf(form);
    form.addEventListener('submit', () => {
      this.#saved = fieldsOf(form);
      saveBar.hide(this);
    });
    // The fields have their first values again only after the event.
    form.addEventListener('reset', () => {
      saveBar.hide(this);
      setTimeout(() => this.compare(), 0);
    });
  }

  compare(): void {
    if (fieldsOf(this.form) === this.#saved) this.saveBar.hide(this);
    else this.saveBar.show(this);
  }

  isDiscardConfirmed(): boolean {
    return this.form.hasAttribute('data-discard-confirmation');
  }

  saveButton(): { disabled: boolean; loading: boolean } {
    return { disabled: false, loading: false };
  }

  isDiscardDisabled(): boolean {
    return false;
  }

  save(): void {
    this.form.requestSubmit();
  }

  discard(): void {
    this.form.reset();
  }
}

function fieldsOf(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']));
}
