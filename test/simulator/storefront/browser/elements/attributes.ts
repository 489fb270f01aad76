/** Lengths of Shopify's spacing words at checkout, in pixels. */
const SPACINGS: Readonly<Record<string, string>> = {
  none: '0',
  'small-500': '2px',
  'small-400': '4px',
  'small-300': '6px',
  'small-200': '8px',
  'small-100': '10px',
  small: '12px',
  base: '16px',
  large: '20px',
  'large-100': '20px',
  'large-200': '24px',
  'large-300': '32px',
  'large-400': '40px',
  'large-500': '48px',
};

const RADII: Readonly<Record<string, string>> = {
  none: '0',
  'small-100': '3px',
  small: '4px',
  base: '8px',
  large: '12px',
  'large-100': '16px',
  max: '999px',
};

const BORDER_WIDTHS: Readonly<Record<string, string>> = {
  none: '0',
  base: '1px',
  large: '2px',
  'large-100': '2px',
  'large-200': '4px',
};

/** A boolean attribute as frameworks write it: present and not `false`. */
export function isOn(element: Element, name: string): boolean {
  const value = element.getAttribute(name);
  return value !== null && value !== 'false';
}

/** The value for the frame's width of an attribute that may be `@container (inline-size > 500px) wide, narrow`. */
export function responsive(element: Element, name: string): string | undefined {
  const value = element.getAttribute(name);
  if (value === null || value === '') return undefined;
  const query = /^@container[^(]*\(\s*inline-size\s*(<=|>=|<|>)\s*([\d.]+)px\s*\)\s*([^,]+),\s*(.+)$/.exec(value);
  if (!query) return value;
  const [, comparison = '>', limit = '0', whenTrue = '', otherwise = ''] = query;
  return (compare(document.documentElement.clientWidth, comparison, Number(limit)) ? whenTrue : otherwise).trim();
}

/** Spacing words, one to four of them, as CSS lengths. */
export function spacing(words: string | undefined): string {
  return translate(words, SPACINGS);
}

export function radius(words: string | undefined): string {
  return translate(words, RADII);
}

export function borderWidth(words: string | undefined): string {
  return translate(words, BORDER_WIDTHS);
}

function translate(words: string | undefined, lengths: Readonly<Record<string, string>>): string {
  if (words === undefined) return '';
  return words
    .split(/\s+/)
    .map((word) => lengths[word] ?? word)
    .join(' ');
}

function compare(width: number, comparison: string, limit: number): boolean {
  if (comparison === '>') return width > limit;
  if (comparison === '<') return width < limit;
  return comparison === '>=' ? width >= limit : width <= limit;
}
