import type { ShellConnection } from './shell-connection.ts';

interface ToastOptions {
  /** Milliseconds; 5000 when left out. */
  duration?: number;
  isError?: boolean;
  action?: string;
  onAction?: () => void;
  onDismiss?: () => void;
}

interface ToastApi {
  show(message: string, options?: ToastOptions): string;
  hide(id: string): void;
}

/** `shopify.toast`; the admin draws the toasts below the frame. */
export function createToastApi(connection: ShellConnection): ToastApi {
  const shown = new Map<string, ToastOptions>();
  connection.on('toast-action', ({ id }) => shown.get(id)?.onAction?.());
  connection.on('toast-dismissed', ({ id }) => {
    shown.get(id)?.onDismiss?.();
    shown.delete(id);
  });
  let count = 0;
  return {
    show(message, options = {}) {
      const id = `toast-${(count += 1)}`;
      shown.set(id, options);
      connection.send({
        kind: 'toast-show',
        toast: {
          id,
          message: String(message),
          isError: options.isError ?? false,
          durationMs: options.duration ?? 5000,
          action: options.action ?? null,
        },
      });
      return id;
    },
    hide(id) {
      connection.send({ kind: 'toast-hide', id });
    },
  };
}
