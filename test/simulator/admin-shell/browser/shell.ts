import { listenToFrame, sendToFrame } from './messages.ts';
import type { FromFrame, Question, ToFrame } from './messages.ts';
import { AppNav } from './shell/app-nav.ts';
import { part } from './shell/parts.ts';
import { ShellSaveBar } from './shell/save-bar.ts';
import { ShellTitleBar } from './shell/title-bar.ts';
import { Toasts } from './shell/toasts.ts';

const root = part('#admin', HTMLElement);
/** `/store/perennial-demo/apps/perennial`, to which the app's own paths are appended. */
const appRoot = root.dataset.appRoot ?? '';
const storeRoot = root.dataset.storeRoot ?? '';
const frameAddress = root.dataset.frameAddress ?? '';
const appOrigin = new URL(frameAddress).origin;

// Made here and not by the server, so that a reload takes the address above and not the frame's own history.
const frame = document.createElement('iframe');
frame.name = 'app-iframe';
frame.title = root.dataset.appName ?? '';
frame.allow = 'clipboard-write';
frame.src = frameAddress;

const send = (message: ToFrame): void => sendToFrame(frame, message, appOrigin);
const topAddress = (path: string): string => appRoot + path;
const menuToggle = part('#menu-toggle', HTMLInputElement);

const saveBar = new ShellSaveBar(
  () => send({ kind: 'save' }),
  () => send({ kind: 'discard' }),
);
const titleBar = new ShellTitleBar((id) => send({ kind: 'press', id }));
const nav = new AppNav(topAddress, (href) => {
  menuToggle.checked = false;
  send({ kind: 'go', href });
});
const toasts = new Toasts(
  (id) => send({ kind: 'toast-action', id }),
  (id) => send({ kind: 'toast-dismissed', id }),
);

listenToFrame(frame, appOrigin, hear);
part('#frame', HTMLElement).append(frame);

function hear(message: FromFrame): void {
  switch (message.kind) {
    case 'loaded':
      forgetDocument();
      return showPath(message.path);
    case 'moved':
      return showPath(message.path);
    case 'question':
      return void answer(message.id, message.question);
    case 'title-bar':
      return titleBar.update(message.state);
    case 'nav-menu':
      return nav.update(message.homeHref, message.items);
    case 'save-bar':
      return saveBar.update(message.state);
    case 'toast-show':
      return toasts.show(message.toast);
    case 'toast-hide':
      return toasts.hide(message.id);
    case 'loading':
      return void document.body.classList.toggle('is-loading', message.isLoading);
    case 'modal':
      return void document.body.classList.toggle('has-modal', message.isOpen);
    case 'open':
      return location.assign(message.url);
  }
}

/** The frame has a new document, so whatever the old one had put up is gone. */
function forgetDocument(): void {
  document.body.classList.remove('is-loading', 'has-modal');
  titleBar.update({ title: null, breadcrumb: null, actions: [] });
  saveBar.update({
    visible: false,
    discardConfirmation: false,
    saveDisabled: false,
    saveLoading: false,
    discardDisabled: false,
  });
}

/** Replaces and never adds: the frame's own history already has the entry that Back goes to. */
function showPath(path: string): void {
  history.replaceState(history.state, '', topAddress(path));
  nav.mark(path);
}

async function answer(id: string, question: Question): Promise<void> {
  try {
    send({ kind: 'answer', id, value: await valueOf(question) });
  } catch (error) {
    send({ kind: 'refusal', id, reason: error instanceof Error ? error.message : String(error) });
  }
}

async function valueOf(question: Question): Promise<unknown> {
  if (question === 'leave-confirmation') return !saveBar.isVisible || saveBar.confirmLeaving();
  const endpoint = question === 'id-token' ? 'session-token' : `bridge/${question}`;
  const response = await fetch(`${storeRoot}/${endpoint}`, { method: 'POST' });
  if (!response.ok) throw new Error(`The local Shopify answered ${response.status} to ${endpoint}.`);
  const body: unknown = await response.json();
  return question === 'id-token' && typeof body === 'object' && body !== null && 'token' in body ? body.token : body;
}
