/** `s-page`: the frame of a page of the customer account, with its heading as the first of all. */
export class PageElement extends HTMLElement {
  static readonly observedAttributes = ['heading', 'subheading'];

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent =
      ':host { display: block; } header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center;' +
      ' justify-content: space-between; margin-block-end: 20px; } h1 { font-size: 1.6em; line-height: 1.25;' +
      ' font-weight: 600; margin: 0; } p { margin: 0; color: var(--subdued); }';
    const heading = document.createElement('h1');
    heading.textContent = this.getAttribute('heading');
    const subheading = document.createElement('p');
    subheading.textContent = this.getAttribute('subheading');
    const header = document.createElement('header');
    header.append(slot('breadcrumb-actions'), heading, slot('secondary-actions'), slot('primary-action'));
    shadow.replaceChildren(style, header, ...(subheading.textContent === '' ? [] : [subheading]), slot(''));
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}

/** `s-progress`: without a value, nobody knows how long. */
export class ProgressElement extends HTMLElement {
  static readonly observedAttributes = ['value', 'max', 'accessibilitylabel'];

  connectedCallback(): void {
    const [value, max] = [this.getAttribute('value'), Number(this.getAttribute('max') ?? 1)];
    const share = value === null || max <= 0 ? null : Math.min(1, Math.max(0, Number(value) / max));
    this.setAttribute('role', 'progressbar');
    this.setAttribute('aria-label', this.getAttribute('accessibilitylabel') ?? '');
    this.setAttribute('aria-valuemin', '0');
    this.setAttribute('aria-valuemax', '100');
    if (share === null) this.removeAttribute('aria-valuenow');
    else this.setAttribute('aria-valuenow', String(Math.round(share * 100)));
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const bar = document.createElement('div');
    bar.style.cssText = 'height: 8px; border-radius: 4px; background: #e6e6e6; overflow: hidden;';
    const filled = document.createElement('div');
    filled.style.cssText = `height: 100%; border-radius: 4px; background: var(--accent); width: ${(share ?? 0.3) * 100}%;`;
    bar.append(filled);
    shadow.replaceChildren(bar);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}

function slot(name: string): HTMLSlotElement {
  const element = document.createElement('slot');
  if (name !== '') element.name = name;
  return element;
}
