/**
 * What the admin shell and the App Bridge stand-in in the app's frame say to each other by postMessage. Real Shopify
 * keeps its own format private; nothing outside these two may rely on this one.
 */

export interface TitleBarAction {
  id: string;
  label: string;
  primary: boolean;
  critical: boolean;
  disabled: boolean;
  /** Set for an action inside a menu of further actions. */
  group: string | null;
}

export interface TitleBarState {
  title: string | null;
  breadcrumb: { id: string; label: string } | null;
  actions: TitleBarAction[];
}

export interface NavItem {
  label: string;
  /** Path inside the app. */
  href: string;
}

export interface SaveBarState {
  visible: boolean;
  discardConfirmation: boolean;
  saveDisabled: boolean;
  saveLoading: boolean;
  discardDisabled: boolean;
}

export interface ToastState {
  id: string;
  message: string;
  isError: boolean;
  durationMs: number;
  action: string | null;
}

export type Question = 'id-token' | 'user' | 'extensions' | 'scopes' | 'leave-confirmation';

export type FromFrame =
  | { kind: 'loaded'; path: string }
  | { kind: 'moved'; path: string }
  | { kind: 'question'; id: string; question: Question }
  | { kind: 'title-bar'; state: TitleBarState }
  | { kind: 'nav-menu'; homeHref: string; items: NavItem[] }
  | { kind: 'save-bar'; state: SaveBarState }
  | { kind: 'toast-show'; toast: ToastState }
  | { kind: 'toast-hide'; id: string }
  | { kind: 'loading'; isLoading: boolean }
  | { kind: 'modal'; isOpen: boolean }
  | { kind: 'open'; url: string };

export type ToFrame =
  | { kind: 'answer'; id: string; value: unknown }
  | { kind: 'refusal'; id: string; reason: string }
  | { kind: 'press'; id: string }
  | { kind: 'go'; href: string }
  | { kind: 'save' }
  | { kind: 'discard' }
  | { kind: 'toast-action'; id: string }
  | { kind: 'toast-dismissed'; id: string };

const FRAME_MARK = 'local-app-bridge';
const SHELL_MARK = 'local-admin-shell';

export function sendToShell(message: FromFrame, shellOrigin: string): void {
  window.parent.postMessage({ mark: FRAME_MARK, message }, shellOrigin);
}

export function sendToFrame(frame: HTMLIFrameElement, message: ToFrame, appOrigin: string): void {
  frame.contentWindow?.postMessage({ mark: SHELL_MARK, message }, appOrigin);
}

/** Calls back for each message of the framed app; others on the page are ignored. */
export function listenToFrame(frame: HTMLIFrameElement, appOrigin: string, hear: (message: FromFrame) => void): void {
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== frame.contentWindow || event.origin !== appOrigin) return;
    if (isMarked<FromFrame>(event.data, FRAME_MARK)) hear(event.data.message);
  });
}

export function listenToShell(shellOrigin: string, hear: (message: ToFrame) => void): void {
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent || event.origin !== shellOrigin) return;
    if (isMarked<ToFrame>(event.data, SHELL_MARK)) hear(event.data.message);
  });
}

/** Origin, window and mark together say that the other end is one of our own two scripts, so its form is trusted. */
function isMarked<Message>(data: unknown, mark: string): data is { mark: string; message: Message } {
  return typeof data === 'object' && data !== null && 'mark' in data && data.mark === mark && 'message' in data;
}
