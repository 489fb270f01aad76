import type { ToastState } from '../messages.ts';
import { button, part } from './parts.ts';

/** Draws toasts, newest lowest; calls back when one's action is pressed and when one leaves. */
export class Toasts {
  readonly #layer = part('#toasts', HTMLElement);
  readonly #shown = new Map<string, HTMLElement>();

  readonly onAction: (id: string) => void;
  readonly onDismissed: (id: string) => void;

  constructor(onAction: (id: string) => void, onDismissed: (id: string) => void) {
    this.onAction = onAction;
    this.onDismissed = onDismissed;
  }

  show(toast: ToastState): void {
    const element = document.createElement('div');
    element.className = toast.isError ? 'toast toast--error' : 'toast';
    element.setAttribute('role', toast.isError ? 'alert' : 'status');
    const text = document.createElement('span');
    text.textContent = toast.message;
    element.append(text);
    if (toast.action !== null) element.append(button(toast.action, 'toast__action', () => this.onAction(toast.id)));
    const close = button('×', 'toast__close', () => this.hide(toast.id));
    close.setAttribute('aria-label', this.#layer.dataset.closeLabel ?? 'Close');
    element.append(close);
    this.#layer.append(element);
    this.#shown.set(toast.id, element);
    setTimeout(() => this.hide(toast.id), toast.durationMs);
  }

  hide(id: string): void {
    const element = this.#shown.get(id);
    if (!element) return;
    element.remove();
    this.#shown.delete(id);
    this.onDismissed(id);
  }
}
