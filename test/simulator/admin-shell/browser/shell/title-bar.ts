import type { TitleBarAction, TitleBarState } from '../messages.ts';
import { button, part } from './parts.ts';

/** Draws the app's title bar above the frame. */
export class ShellTitleBar {
  readonly #title = part('#page-title', HTMLElement);
  readonly #breadcrumb = part('#breadcrumb', HTMLButtonElement);
  readonly #actions = part('#title-actions', HTMLElement);
  readonly onPress: (id: string) => void;
  #breadcrumbId: string | undefined;

  constructor(onPress: (id: string) => void) {
    this.onPress = onPress;
    this.#breadcrumb.addEventListener('click', () => {
      if (this.#breadcrumbId !== undefined) onPress(this.#breadcrumbId);
    });
  }

  update(state: TitleBarState): void {
    this.#title.textContent = state.title ?? '';
    document.body.classList.toggle('has-page-title', (state.title ?? '') !== '');
    this.#breadcrumbId = state.breadcrumb?.id;
    this.#breadcrumb.hidden = state.breadcrumb === null;
    this.#breadcrumb.setAttribute('aria-label', state.breadcrumb?.label ?? '');
    const loose = state.actions.filter((action) => action.group === null);
    const groups = new Set(state.actions.flatMap((action) => action.group ?? []));
    const inOrder = [...loose].sort((left, right) => Number(left.primary) - Number(right.primary));
    this.#actions.replaceChildren(
      ...[...groups].map((group) =>
        this.#drawMenu(
          group,
          state.actions.filter((action) => action.group === group),
        ),
      ),
      ...inOrder.map((action) => this.#drawAction(action)),
    );
  }

  #drawMenu(label: string, actions: TitleBarAction[]): HTMLElement {
    const menu = document.createElement('details');
    menu.className = 'menu';
    const summary = document.createElement('summary');
    summary.className = 'button';
    summary.textContent = label;
    const list = document.createElement('div');
    list.className = 'menu__list';
    list.append(...actions.map((action) => this.#drawAction(action)));
    list.addEventListener('click', () => menu.removeAttribute('open'));
    menu.append(summary, list);
    return menu;
  }

  #drawAction(action: TitleBarAction): HTMLElement {
    const tone = action.primary ? 'button button--primary' : action.critical ? 'button button--critical' : 'button';
    const element = button(action.label, tone, () => this.onPress(action.id));
    element.disabled = action.disabled;
    return element;
  }
}
