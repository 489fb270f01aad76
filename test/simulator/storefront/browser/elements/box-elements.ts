import { borderWidth, radius, responsive, spacing } from './attributes.ts';

const BOX_ATTRIBUTES = [
  'background', 'blocksize', 'border', 'borderradius', 'borderstyle', 'borderwidth', 'display', 'inlinesize',
  'maxblocksize', 'maxinlinesize', 'minblocksize', 'mininlinesize', 'overflow', 'padding', 'paddingblock',
  'paddingblockend', 'paddingblockstart', 'paddinginline', 'paddinginlineend', 'paddinginlinestart',
]; // prettier-ignore

const SPACE_ATTRIBUTES = [
  'direction', 'gap', 'rowgap', 'columngap', 'alignitems', 'aligncontent', 'justifycontent', 'justifyitems',
  'placeitems', 'placecontent', 'gridtemplatecolumns', 'gridtemplaterows',
]; // prettier-ignore

/** `s-box`, and the ground of every element that lays its children out. */
export class BoxElement extends HTMLElement {
  static readonly observedAttributes = [...BOX_ATTRIBUTES, ...SPACE_ATTRIBUTES];
  readonly #restyle = (): void => this.restyle();

  connectedCallback(): void {
    addEventListener('resize', this.#restyle);
    const role = this.getAttribute('accessibilityrole');
    if (role !== null && !this.hasAttribute('role')) this.setAttribute('role', ROLES[role] ?? role);
    const label = this.getAttribute('accessibilitylabel');
    if (label !== null) this.setAttribute('aria-label', label);
    this.restyle();
  }

  disconnectedCallback(): void {
    removeEventListener('resize', this.#restyle);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.restyle();
  }

  restyle(): void {
    const { style } = this;
    const [borderSize, , borderLine] = (responsive(this, 'border') ?? '').split(/\s+/);
    style.padding = spacing(responsive(this, 'padding'));
    for (const side of ['Block', 'BlockStart', 'BlockEnd', 'Inline', 'InlineStart', 'InlineEnd'] as const) {
      const given = responsive(this, `padding${side.toLowerCase()}`);
      if (given !== undefined) style[`padding${side}`] = spacing(given);
    }
    style.borderRadius = radius(responsive(this, 'borderradius'));
    style.borderWidth = borderWidth(responsive(this, 'borderwidth') ?? borderSize);
    style.borderStyle = responsive(this, 'borderstyle') ?? borderLine ?? (style.borderWidth === '' ? '' : 'solid');
    for (const size of [
      'inlineSize',
      'blockSize',
      'minInlineSize',
      'maxInlineSize',
      'minBlockSize',
      'maxBlockSize',
    ] as const) {
      style[size] = responsive(this, size.toLowerCase()) ?? '';
    }
    style.overflow = responsive(this, 'overflow') ?? '';
    style.display = responsive(this, 'display') === 'none' ? 'none' : '';
  }
}

/** `s-stack`: children one below the other, or beside each other with `direction="inline"`. */
export class StackElement extends BoxElement {
  override restyle(): void {
    super.restyle();
    const isInline = responsive(this, 'direction') === 'inline';
    this.style.flexDirection = isInline ? 'row' : 'column';
    this.style.flexWrap = isInline ? 'wrap' : 'nowrap';
    applyGaps(this);
    applyAlignment(this);
  }
}

/** `s-grid`. */
export class GridElement extends BoxElement {
  override restyle(): void {
    super.restyle();
    this.style.gridTemplateColumns = responsive(this, 'gridtemplatecolumns') ?? '';
    this.style.gridTemplateRows = responsive(this, 'gridtemplaterows') ?? '';
    applyGaps(this);
    applyAlignment(this);
  }
}

const ROLES: Readonly<Record<string, string>> = {
  header: 'banner',
  footer: 'contentinfo',
  section: 'region',
  aside: 'complementary',
  'ordered-list': 'list',
  'unordered-list': 'list',
  'list-item': 'listitem',
};

function applyGaps(element: HTMLElement): void {
  // Shopify names the inline gap first where CSS names the row gap first.
  const [inline, block = inline] = (responsive(element, 'gap') ?? '').split(/\s+/);
  element.style.rowGap = spacing(responsive(element, 'rowgap') ?? block);
  element.style.columnGap = spacing(responsive(element, 'columngap') ?? inline);
}

function applyAlignment(element: HTMLElement): void {
  const { style } = element;
  for (const name of [
    'alignItems',
    'alignContent',
    'justifyContent',
    'justifyItems',
    'placeItems',
    'placeContent',
  ] as const) {
    const given = responsive(element, name.toLowerCase());
    if (given !== undefined) style[name] = given;
  }
}
