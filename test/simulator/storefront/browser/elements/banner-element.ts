import { isOn } from './attributes.ts';
import { drawIcon } from './icon-element.ts';

const ICONS: Readonly<Record<string, string>> = {
  success: 'check-circle',
  warning: 'alert-triangle',
  critical: 'alert-circle',
};

const STYLE = `
  :host { display: block; }
  :host([hidden]) { display: none; }
  .banner { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 4px 12px; padding: 16px;
    border: 1px solid var(--edge, #b5cfe4); border-radius: 8px; background: var(--fill, #f0f6fb); }
  .success { --edge: #a9d5b5; --fill: #eff8f1; --mark: #17713a; }
  .warning { --edge: #e6d08b; --fill: #fdf8e6; --mark: #8a6100; }
  .critical { --edge: #eab4a9; --fill: #fdf1ee; --mark: #c5280c; }
  svg { width: 20px; height: 20px; fill: none; stroke: var(--mark, #1f6fa8); stroke-width: 1.5; stroke-linecap: round;
    stroke-linejoin: round; }
  strong { font-weight: 600; }
  .body { grid-column: 2; min-width: 0; }
  button { border: 0; background: none; color: inherit; padding: 0; width: 24px; height: 24px; cursor: pointer;
    border-radius: 4px; grid-row: 1; grid-column: 3; }
  button svg { stroke: currentColor; }
  button:focus-visible { outline: 2px solid var(--accent); }`;

/** `s-banner`. */
export class BannerElement extends HTMLElement {
  static readonly observedAttributes = ['heading', 'tone', 'dismissible'];
  /** Let frameworks find the events' true names, which have no capital letters. */
  ondismiss: ((event: Event) => void) | null = null;
  onafterhide: ((event: Event) => void) | null = null;

  connectedCallback(): void {
    this.#draw();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#draw();
  }

  #draw(): void {
    const tone = this.getAttribute('tone') ?? 'info';
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = STYLE;
    const banner = document.createElement('div');
    banner.className = `banner ${tone}`;
    banner.setAttribute('role', tone === 'critical' ? 'alert' : 'status');
    banner.append(drawIcon(ICONS[tone] ?? 'info'));
    const heading = document.createElement('strong');
    heading.textContent = this.getAttribute('heading');
    const body = document.createElement('div');
    body.className = 'body';
    body.append(document.createElement('slot'));
    if (heading.textContent === '') body.style.gridRow = '1';
    else banner.append(heading);
    if (isOn(this, 'dismissible')) banner.append(this.#dismissButton());
    banner.append(body);
    shadow.replaceChildren(style, banner);
  }

  #dismissButton(): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-label', '×');
    button.append(drawIcon('x'));
    button.addEventListener('click', () => {
      this.#announce('dismiss', this.ondismiss);
      this.hidden = true;
      this.#announce('afterhide', this.onafterhide);
    });
    return button;
  }

  #announce(name: string, handler: ((event: Event) => void) | null): void {
    const event = new Event(name);
    this.dispatchEvent(event);
    handler?.(event);
  }
}
