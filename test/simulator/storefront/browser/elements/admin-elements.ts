import { isOn } from './attributes.ts';

/** `s-admin-block`: the card that a block is in the merchant's admin. */
export class AdminBlockElement extends HTMLElement {
  static readonly observedAttributes = ['heading'];

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = ':host { display: block; } h2 { margin: 0 0 12px; font-size: 14px; line-height: 20px; font-weight: 650; }';
    const heading = document.createElement('h2');
    heading.textContent = this.getAttribute('heading');
    shadow.replaceChildren(style, heading, document.createElement('slot'));
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}

/** `s-admin-action`: what fills the modal of an action, with its buttons at the foot. */
export class AdminActionElement extends HTMLElement {
  static readonly observedAttributes = ['heading', 'loading'];

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent =
      ':host { display: block; } h2 { margin: 0; padding: 14px 16px; background: #f3f3f3; font-size: 14px; line-height: 20px; font-weight: 650; }' +
      ' .body { padding: 16px; min-height: 80px; } footer { display: flex; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-top: 1px solid var(--line); }';
    const heading = document.createElement('h2');
    heading.textContent = this.getAttribute('heading');
    const body = document.createElement('div');
    body.className = 'body';
    body.append(document.createElement(isOn(this, 'loading') ? 's-spinner' : 'slot'));
    const foot = document.createElement('footer');
    foot.append(slot('secondary-actions'), slot('primary-action'));
    shadow.replaceChildren(style, heading, body, foot);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}

function slot(name: string): HTMLSlotElement {
  const element = document.createElement('slot');
  element.name = name;
  return element;
}
