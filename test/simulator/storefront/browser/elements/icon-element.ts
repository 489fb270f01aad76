/** Shapes drawn for the local Shopify, 20 by 20, one path each; other names of Shopify's icons show a ring. */
const PATHS: Readonly<Record<string, string>> = {
  'alert-circle': 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 6v5M10 13.800v.2',
  'alert-triangle': 'M10 3 18 16.500H2zM10 8v4M10 14v.2',
  'arrow-left': 'M16 10H4M9 5l-5 5 5 5',
  'arrow-right': 'M4 10h12M11 5l5 5-5 5',
  bag: 'M4 7h12l1 10H3zM7 9V6a3 3 0 0 1 6 0v3',
  calendar: 'M3.500 5h13v12h-13zM3.500 9h13M7 3v3M13 3v3',
  cart: 'M3 4h2l2 9h8l2-6H6M8 17h.1M14 17h.1',
  check: 'M4 10.500 8 14.500 16 6',
  'check-circle': 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM6.500 10.300 9 12.800l4.500-5',
  'chevron-down': 'M5 8l5 5 5-5',
  'chevron-left': 'M12 5l-5 5 5 5',
  'chevron-right': 'M8 5l5 5-5 5',
  'chevron-up': 'M5 12l5-5 5 5',
  clipboard: 'M7 4H4.500v13h11V4H13M7 3h6v3H7z',
  clock: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 6v4.300l3 1.700',
  discount:
    'M10 2.500 12 4.300l2.600-.3.5 2.600 2.300 1.300-1.100 2.400 1.100 2.400-2.300 1.300-.5 2.600-2.600-.3-2 1.700-2-1.700-2.600.3-.5-2.600-2.300-1.300 1.100-2.400-1.100-2.400 2.300-1.300L5.400 4l2.600.3zM12.500 7.500l-5 5M7.800 7.800h.1M12.200 12.200h.1',
  email: 'M2.500 5h15v10.500h-15zM2.500 6l7.500 5 7.500-5',
  external: 'M11 4h5v5M16 4l-7 7M8 5H4v11h11v-4',
  'gift-card': 'M2.500 6h15v9.500h-15zM2.500 10.500h15M8 6c-3-4 2-4 2 0 0-4 5-4 2 0',
  info: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 9v5M10 6.200v.2',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  minus: 'M4 10h12',
  plus: 'M4 10h12M10 4v12',
  profile: 'M10 10a3.200 3.200 0 1 0 0-6.400A3.200 3.200 0 0 0 10 10zM4 17c.5-3.500 2.900-5 6-5s5.500 1.500 6 5',
  savings:
    'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM12 7.500c-2.500-1.500-4.500.8-2 2.300s.5 4-2 2.500',
  star: 'M10 2.800l2.200 4.700 5 .6-3.700 3.500 1 5.100L10 14.200l-4.500 2.500 1-5.100L2.800 8.100l5-.6z',
  truck: 'M2 5h9v9H2zM11 8h3.500l3 3v3H11M6 16h.1M14 16h.1',
  x: 'M5 5l10 10M15 5 5 15',
  'x-circle': 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM7.500 7.500l5 5M12.500 7.500l-5 5',
};
const RING = 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15z';
/** Icons that point along the line of text turn round where the text does. */
const DIRECTED = /^(arrow|chevron)-(left|right)$|^external$/;

export function drawIcon(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  if (DIRECTED.test(name)) svg.setAttribute('class', 'directed');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name] ?? PATHS[name.replace(/-filled$/, '')] ?? RING);
  svg.append(path);
  return svg;
}

/** `s-icon`. */
export class IconElement extends HTMLElement {
  static readonly observedAttributes = ['type'];

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent =
      'svg { width: 100%; height: 100%; display: block; fill: none; stroke: currentColor; stroke-width: 1.5;' +
      ' stroke-linecap: round; stroke-linejoin: round; } :host(:dir(rtl)) .directed { scale: -1 1; }';
    shadow.replaceChildren(style, drawIcon(this.getAttribute('type') ?? ''));
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.connectedCallback();
  }
}
