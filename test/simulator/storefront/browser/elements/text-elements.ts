import { borderWidth, radius, responsive } from './attributes.ts';
import { BoxElement } from './box-elements.ts';
import { drawIcon } from './icon-element.ts';

/** `s-heading`: one level deeper inside each section, as Shopify counts. */
export class HeadingElement extends HTMLElement {
  connectedCallback(): void {
    if (this.getAttribute('accessibilityrole') === 'presentation') return;
    this.setAttribute('role', 'heading');
    this.setAttribute('aria-level', String(2 + sectionsAround(this)));
  }
}

/** `s-section`, with its heading drawn as one. */
export class SectionElement extends BoxElement {
  static override readonly observedAttributes = [...BoxElement.observedAttributes, 'heading'];

  override restyle(): void {
    super.restyle();
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const heading = this.getAttribute('heading');
    const parts: Node[] = [document.createElement('slot')];
    if (heading !== null && heading !== '') {
      const element = document.createElement('div');
      element.textContent = heading;
      element.setAttribute('role', 'heading');
      element.setAttribute('aria-level', String(2 + sectionsAround(this)));
      element.style.cssText = 'font-weight: 600; font-size: 1.15em; margin-block-end: 10px;';
      parts.unshift(element);
    }
    shadow.replaceChildren(...parts);
  }
}

/** `s-badge` and `s-chip`: a few words in a frame, with an icon if one is named. */
export class LabelElement extends HTMLElement {
  static readonly observedAttributes = ['icon'];

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent =
      'svg { width: 14px; height: 14px; fill: none; stroke: currentColor; stroke-width: 1.7; flex: none; }';
    const icon = this.getAttribute('icon') ?? '';
    const graphic = document.createElement('slot');
    graphic.name = 'graphic';
    shadow.replaceChildren(style, ...(icon === '' ? [graphic] : [drawIcon(icon)]), document.createElement('slot'));
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}

/** `s-image`. */
export class ImageElement extends HTMLElement {
  static readonly observedAttributes = [
    'src',
    'alt',
    'aspectratio',
    'objectfit',
    'borderradius',
    'border',
    'inlinesize',
  ];

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const image = document.createElement('img');
    image.src = this.getAttribute('src') ?? '';
    image.alt = this.getAttribute('alt') ?? '';
    image.loading = this.getAttribute('loading') === 'lazy' ? 'lazy' : 'eager';
    const { style } = image;
    style.cssText = 'max-width: 100%; display: block;';
    style.width = this.getAttribute('inlinesize') === 'auto' ? 'auto' : '100%';
    style.aspectRatio = this.getAttribute('aspectratio') ?? '';
    style.objectFit = this.getAttribute('objectfit') ?? '';
    style.borderRadius = radius(responsive(this, 'borderradius'));
    style.border = this.hasAttribute('border')
      ? `${borderWidth(responsive(this, 'border')?.split(' ')[0])} solid #dedede`
      : '';
    shadow.replaceChildren(image);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}

/** `s-spinner`: says what it waits for to those who do not see it turn. */
export class SpinnerElement extends HTMLElement {
  connectedCallback(): void {
    this.setAttribute('role', 'status');
    this.setAttribute('aria-label', this.getAttribute('accessibilitylabel') ?? '…');
  }
}

/** `s-skeleton-paragraph`: as wide as the text that it stands for, or a line. */
export class SkeletonParagraphElement extends HTMLElement {
  connectedCallback(): void {
    this.setAttribute('aria-hidden', 'true');
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const bar = document.createElement('span');
    bar.textContent = this.getAttribute('content') ?? '';
    bar.style.cssText =
      `display: inline-block; min-width: ${bar.textContent === '' ? '100%' : '4em'}; max-width: 100%;` +
      ' min-height: 1.2em; border-radius: 4px; background: #e6e6e6; color: transparent; user-select: none;';
    shadow.replaceChildren(bar);
  }
}

/** An element that only needs a role; its looks are in the style sheet. */
export function elementWithRole(role: string): CustomElementConstructor {
  return class extends HTMLElement {
    connectedCallback(): void {
      this.setAttribute('role', role);
    }
  };
}

function sectionsAround(element: Element): number {
  const around = element.parentElement?.closest<HTMLElement>('s-section');
  return around ? 1 + sectionsAround(around) : 0;
}
