import { resolveAddress } from '../host/addresses.ts';
import { isOn } from './attributes.ts';

const STYLE = `
  :host { display: inline-block; width: fit-content; max-width: 100%; vertical-align: middle; }
  :host([inlinesize="fill"]) { display: block; width: 100%; }
  .press { font: inherit; font-weight: 500; box-sizing: border-box; width: 100%; min-height: 44px; padding: 10px 18px;
    border-radius: 8px; border: 1px solid var(--accent); background: var(--accent); color: #fff; cursor: pointer;
    display: inline-flex; align-items: center; justify-content: center; gap: 8px; text-decoration: none;
    text-align: center; position: relative; overflow-wrap: anywhere; }
  .press:hover { filter: brightness(.92); }
  .press:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .secondary { background: transparent; color: var(--accent); border-color: var(--line-strong); }
  .secondary:hover { background: var(--ground-subdued); filter: none; }
  .critical { --accent: #c5280c; }
  .pressed { background: #e8f1f8; border-color: var(--accent); }
  .press:disabled, .press[aria-disabled="true"] { opacity: .5; cursor: default; }
  .loading { color: transparent; }
  .loading::after { content: ''; position: absolute; width: 18px; height: 18px; border-radius: 50%;
    border: 2px solid var(--accent); border-top-color: transparent; animation: turn .8s linear infinite; }
  .loading:not(.secondary)::after { border-color: #fff; border-top-color: transparent; }
  @keyframes turn { to { transform: rotate(1turn); } }
  :host-context([data-surface='admin']) .press { min-height: 28px; padding: 4px 12px; font-size: 13px; }
  :host-context([data-surface='admin']) .secondary { background: #e3e3e3; color: inherit; border-color: transparent; }`;

const LINK_STYLE = `
  :host { display: inline-block; width: fit-content; max-width: 100%; }
  .press { font: inherit; padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline;
    text-underline-offset: 2px; cursor: pointer; overflow-wrap: anywhere; }
  .press:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
  .neutral { color: inherit; }`;

/** What `s-button`, `s-link` and `s-press-button` share: one native control, and commands to other elements. */
abstract class PressableElement extends HTMLElement {
  static readonly observedAttributes = [
    'href', 'target', 'variant', 'tone', 'disabled', 'loading', 'type', 'accessibilitylabel', 'pressed',
  ]; // prettier-ignore

  constructor() {
    super();
    this.attachShadow({ mode: 'open', delegatesFocus: true });
    this.addEventListener('click', (event) => this.#onClick(event));
  }

  protected abstract readonly css: string;
  protected abstract readonly classes: string[];

  connectedCallback(): void {
    this.draw();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.draw();
  }

  protected get isBlocked(): boolean {
    return isOn(this, 'disabled') || isOn(this, 'loading');
  }

  protected draw(): void {
    const href = this.getAttribute('href');
    const control = document.createElement(href === null ? 'button' : 'a');
    if (control instanceof HTMLAnchorElement && !this.isBlocked) {
      control.href = resolveAddress(href ?? '');
      // The frame of a block is ours and not the extension's, so a link without a target leaves it.
      control.target = this.getAttribute('target') === '_blank' ? '_blank' : '_top';
      control.rel = 'noopener';
    } else if (control instanceof HTMLButtonElement) {
      control.type = 'button';
      control.disabled = isOn(this, 'disabled');
    }
    if (this.isBlocked) control.setAttribute('aria-disabled', 'true');
    if (isOn(this, 'loading')) control.setAttribute('aria-busy', 'true');
    const label = this.getAttribute('accessibilitylabel');
    if (label !== null) control.setAttribute('aria-label', label);
    control.className = ['press', ...this.classes].join(' ');
    control.append(document.createElement('slot'));
    const style = document.createElement('style');
    style.textContent = this.css;
    this.decorate(control);
    const hadFocus = Boolean(this.shadowRoot?.activeElement);
    this.shadowRoot?.replaceChildren(style, control);
    if (hadFocus) control.focus();
  }

  /** For what only one of the elements adds to its control. */
  protected decorate(_control: HTMLElement): void {}

  #onClick(event: Event): void {
    if (this.isBlocked) {
      event.stopImmediatePropagation();
      event.preventDefault();
      return;
    }
    const target = document.getElementById(this.getAttribute('commandfor') ?? '');
    if (target) runCommand(target, this.getAttribute('command') ?? '--auto');
  }
}

/** A target that knows a command has a method for it: `copy` on a clipboard item, `show` and `hide` elsewhere. */
function runCommand(target: HTMLElement, command: string): void {
  const name = command === '--auto' ? (target.localName === 's-clipboard-item' ? 'copy' : 'toggle') : command.slice(2);
  const method: unknown = Reflect.get(target, name);
  if (typeof method === 'function') void method.call(target);
  else if (name !== 'copy') target.hidden = name === 'hide' || (name === 'toggle' && !target.hidden);
}

/** `s-button`. */
export class ButtonElement extends PressableElement {
  protected readonly css = STYLE;

  protected get classes(): string[] {
    // In the admin only the main button of a form is filled.
    const usual = document.documentElement.dataset['surface'] === 'admin' ? 'secondary' : 'auto';
    const variant = this.getAttribute('variant') ?? usual;
    return [
      variant === 'secondary' ? 'secondary' : 'primary',
      this.getAttribute('tone') === 'critical' ? 'critical' : '',
      isOn(this, 'loading') ? 'loading' : '',
    ];
  }
}

/** `s-press-button`: stays down until pressed again. */
export class PressButtonElement extends PressableElement {
  protected readonly css = STYLE;

  constructor() {
    super();
    this.addEventListener('click', () => this.toggleAttribute('pressed', !isOn(this, 'pressed')));
  }

  override connectedCallback(): void {
    if (isOn(this, 'defaultpressed')) this.toggleAttribute('pressed', true);
    super.connectedCallback();
  }

  protected get classes(): string[] {
    return ['secondary', isOn(this, 'pressed') ? 'pressed' : '', isOn(this, 'loading') ? 'loading' : ''];
  }

  protected override decorate(control: HTMLElement): void {
    control.setAttribute('aria-pressed', String(isOn(this, 'pressed')));
  }
}

/** `s-link`. */
export class LinkElement extends PressableElement {
  protected readonly css = LINK_STYLE;

  protected get classes(): string[] {
    return [this.getAttribute('tone') === 'neutral' ? 'neutral' : ''];
  }
}

/** `s-clipboard-item`: invisible; a button with `commandFor` copies its text. */
export class ClipboardItemElement extends HTMLElement {
  /** Lets frameworks find the event's true name, which has no capital letter. */
  oncopyerror: ((event: Event) => void) | null = null;

  async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.getAttribute('text') ?? '');
      this.dispatchEvent(new ClipboardEvent('copy'));
    } catch {
      const event = new Event('copyerror');
      this.dispatchEvent(event);
      this.oncopyerror?.(event);
    }
  }
}
