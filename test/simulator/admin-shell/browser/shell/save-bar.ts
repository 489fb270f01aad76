import type { SaveBarState } from '../messages.ts';
import { part } from './parts.ts';

/** The contextual save bar, which takes the place of the search in the top bar while changes are unsaved. */
export class ShellSaveBar {
  readonly #bar = part('#save-bar', HTMLElement);
  readonly #save = part('#save-bar [data-save]', HTMLButtonElement);
  readonly #discard = part('#save-bar [data-discard]', HTMLButtonElement);
  readonly #leaveDialog = part('#leave-dialog', HTMLDialogElement);
  readonly #discardDialog = part('#discard-dialog', HTMLDialogElement);
  #isDiscardConfirmed = false;

  constructor(onSave: () => void, onDiscard: () => void) {
    this.#save.addEventListener('click', onSave);
    this.#discard.addEventListener('click', () => {
      if (!this.#isDiscardConfirmed) onDiscard();
      else void confirmBy(this.#discardDialog).then((isConfirmed) => isConfirmed && onDiscard());
    });
    addEventListener('beforeunload', (event) => {
      if (this.isVisible) event.preventDefault();
    });
  }

  get isVisible(): boolean {
    return !this.#bar.hidden;
  }

  update(state: SaveBarState): void {
    this.#bar.hidden = !state.visible;
    document.body.classList.toggle('has-save-bar', state.visible);
    this.#isDiscardConfirmed = state.discardConfirmation;
    this.#save.disabled = state.saveDisabled || state.saveLoading;
    this.#save.classList.toggle('is-loading', state.saveLoading);
    this.#discard.disabled = state.discardDisabled;
  }

  /** True when the merchant gives up the unsaved changes. */
  confirmLeaving(): Promise<boolean> {
    return confirmBy(this.#leaveDialog);
  }
}

/** Resolves with whether the dialog was closed by its confirming button. */
function confirmBy(dialog: HTMLDialogElement): Promise<boolean> {
  dialog.returnValue = '';
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'confirm'), { once: true });
  });
}
