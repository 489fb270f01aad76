import { isOn } from './attributes.ts';
import { drawIcon } from './icon-element.ts';

const STYLE = `
  :host { display: block; min-width: 0; }
  .field { position: relative; display: flex; }
  .box { font: inherit; color: inherit; width: 100%; min-height: 48px; padding: 20px 12px 5px; border-radius: 8px;
    border: 1px solid var(--line-strong); background: #fff; box-sizing: border-box; min-width: 0; }
  select.box { appearance: none; padding-inline-end: 34px; }
  .box:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  label { position: absolute; inset-block-start: 5px; inset-inline-start: 13px; font-size: .8em; color: var(--subdued);
    pointer-events: none; }
  svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; }
  .field > svg { position: absolute; inset-inline-end: 12px; top: 16px; pointer-events: none; }
  .steps { display: flex; margin-inline-start: 8px; gap: 4px; }
  button { width: 44px; border: 1px solid var(--line-strong); border-radius: 8px; background: #fff; cursor: pointer;
    padding: 0; color: inherit; }
  button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  input::-webkit-inner-spin-button { display: none; }
  .error { color: #c5280c; font-size: .9em; }
  .details { color: var(--subdued); }
  :host-context([data-surface='admin']) .field { flex-direction: column-reverse; gap: 4px; }
  :host-context([data-surface='admin']) .box { min-height: 32px; padding-block: 5px; border-color: #8a8a8a; }
  :host-context([data-surface='admin']) label { position: static; font-size: 1em; color: inherit; }
  :host-context([data-surface='admin']) .field > svg { top: auto; bottom: 8px; }`;

/** What fields share: a label, a native control in the shadow, and `value` and `change` of their own. */
abstract class FieldElement extends HTMLElement {
  static readonly observedAttributes = ['label', 'error', 'disabled', 'min', 'max', 'step', 'placeholder', 'details', 'maxlength'];
  protected control: HTMLInputElement | HTMLSelectElement | undefined;
  #value = '';

  get value(): string {
    return this.#value;
  }

  set value(value: string) {
    this.#value = value;
    if (this.control) this.control.value = value;
  }

  connectedCallback(): void {
    this.draw();
  }

  attributeChangedCallback(name: string): void {
    if (!this.isConnected) return;
    // The control stays: somebody is typing in it.
    if (name === 'error' || name === 'details') this.#tell();
    else this.draw();
  }

  protected abstract makeControl(): HTMLInputElement | HTMLSelectElement;

  /** For what stands beside the control. */
  protected decorate(_field: HTMLElement): void {}

  protected take(value: string): void {
    this.#value = value;
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  protected draw(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true });
    const style = document.createElement('style');
    style.textContent = STYLE;
    const control = this.makeControl();
    control.className = 'box';
    control.id = 'control';
    control.disabled = isOn(this, 'disabled');
    control.value = this.#value;
    // The field has its value before it tells of it; the event itself comes through on its own.
    control.addEventListener('input', () => (this.#value = control.value));
    control.addEventListener('change', () => this.take(control.value));
    this.control = control;
    const label = document.createElement('label');
    label.htmlFor = 'control';
    label.textContent = this.getAttribute('label');
    const field = document.createElement('div');
    field.className = 'field';
    field.append(control, label);
    this.decorate(field);
    const [error, details] = ['error', 'details'].map((name) => {
      const line = document.createElement('div');
      line.className = name;
      line.id = name;
      return line;
    });
    shadow.replaceChildren(style, field, ...[error, details].flatMap((line) => line ?? []));
    this.#tell();
  }

  #tell(): void {
    for (const name of ['error', 'details']) {
      const line = this.shadowRoot?.getElementById(name);
      if (line) line.textContent = this.getAttribute(name);
    }
    this.control?.setAttribute('aria-describedby', 'error details');
    this.control?.setAttribute('aria-invalid', String((this.getAttribute('error') ?? '') !== ''));
  }
}

/** `s-select`, whose `s-option`s are copied into the native control whenever they change. */
export class SelectElement extends FieldElement {
  readonly #options = new MutationObserver(() => this.draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#options.observe(this, { childList: true, subtree: true, characterData: true, attributes: true });
  }

  disconnectedCallback(): void {
    this.#options.disconnect();
  }

  protected makeControl(): HTMLSelectElement {
    const select = document.createElement('select');
    const options = [...this.querySelectorAll('s-option')].map(
      (option) => new Option(option.textContent ?? '', option.getAttribute('value') ?? ''),
    );
    select.append(new Option(this.getAttribute('placeholder') ?? '', ''), ...options);
    return select;
  }

  protected override decorate(field: HTMLElement): void {
    field.append(drawIcon('chevron-down'));
  }
}

/** `s-number-field`, with buttons for less and more where `controls="stepper"`. */
export class NumberFieldElement extends FieldElement {
  protected makeControl(): HTMLInputElement {
    const input = document.createElement('input');
    input.type = 'number';
    for (const name of ['min', 'max', 'step']) {
      const value = this.getAttribute(name);
      if (value !== null) input.setAttribute(name, value);
    }
    return input;
  }

  protected override decorate(field: HTMLElement): void {
    if (this.getAttribute('controls') !== 'stepper') return;
    const steps = document.createElement('div');
    steps.className = 'steps';
    steps.append(this.#stepButton('minus', -1), this.#stepButton('plus', 1));
    field.append(steps);
  }

  #stepButton(icon: string, direction: 1 | -1): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-label', direction === 1 ? '+' : '−');
    button.append(drawIcon(icon));
    button.addEventListener('click', () => {
      if (!(this.control instanceof HTMLInputElement)) return;
      if (direction === 1) this.control.stepUp();
      else this.control.stepDown();
      this.take(this.control.value);
    });
    return button;
  }
}

/** `s-text-field`. */
export class TextFieldElement extends FieldElement {
  protected makeControl(): HTMLInputElement {
    const input = document.createElement('input');
    const length = this.getAttribute('maxlength');
    if (length !== null) input.maxLength = Number(length);
    return input;
  }
}
