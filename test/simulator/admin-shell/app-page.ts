import { html, raw } from 'hono/html';

import type { Html } from './shell-layout.ts';
import { SHELL_WORDS } from './shell-words.ts';
import type { AdminLocale } from './shell-words.ts';

export interface AppPage {
  appName: string;
  /** `/store/perennial-demo/apps/perennial` */
  appRoot: string;
  /** `/store/perennial-demo` */
  storeRoot: string;
  frameAddress: string;
  locale: AdminLocale;
}

/** The framed app with everything that the admin draws for it: title bar, toasts, dialogs. */
export function appPage(page: AppPage): Html {
  const words = SHELL_WORDS[page.locale];
  return html`<div
      id="admin"
      class="app"
      data-app-name="${page.appName}"
      data-app-root="${page.appRoot}"
      data-store-root="${page.storeRoot}"
      data-frame-address="${page.frameAddress}"
    >
      <div class="title-bar">
        <b class="app-icon" aria-hidden="true">${page.appName.slice(0, 1)}</b>
        <span class="title-bar__app">${page.appName}</span>
        <button type="button" id="breadcrumb" class="title-bar__back" hidden>←</button>
        <h1 id="page-title"></h1>
        <div id="title-actions" class="title-bar__actions"></div>
      </div>
      <div class="progress" role="progressbar" aria-label="…"></div>
      <div id="frame" class="frame"></div>
    </div>
    <div id="toasts" class="toasts" data-close-label="${words.close}"></div>
    ${dialog('leave-dialog', words.leaveTitle, words.leaveText, words.stay, words.leave)}
    ${dialog('discard-dialog', words.discardTitle, words.discardText, words.keepEditing, words.discard)}
    <div class="dimmer" aria-hidden="true"></div>
    <script type="module" src="/admin-shell/shell.js"></script>`;
}

function dialog(id: string, title: string, text: string, cancel: string, confirm: string): Html {
  return html`<dialog id="${id}" class="dialog" aria-labelledby="${id}-title">
    <form method="dialog">
      <h2 id="${id}-title">${title}</h2>
      <p>${text}</p>
      <div class="dialog__buttons">
        <button class="button" value="cancel" ${raw('autofocus')}>${cancel}</button>
        <button class="button button--danger" value="confirm">${confirm}</button>
      </div>
    </form>
  </dialog>`;
}
