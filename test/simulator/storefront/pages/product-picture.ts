import { html } from 'hono/html';

import type { Html } from './layout.ts';

/** Ground, far shape, near shape. */
const PALETTES = [
  ['#e9e4d8', '#c8b89a', '#5b4a35'],
  ['#dfe7e1', '#9db8a5', '#2f4f3e'],
  ['#efe0da', '#d9a08a', '#7d3b2a'],
  ['#dfe5ee', '#9fb0cc', '#2f4468'],
  ['#f0e8cf', '#dcbf6a', '#6b5316'],
  ['#e8e0ec', '#b8a3c8', '#4d3763'],
] as const;

/** A still life drawn from the product's id, since the local Shopify has no pictures: the same one every time. */
export function productPicture(productId: number, title: string): Html {
  const seed = [...String(productId)].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) >>> 0, 7);
  const [ground, far, near] = PALETTES[seed % PALETTES.length] ?? PALETTES[0];
  const width = 70 + (seed % 5) * 14;
  const height = 90 + ((seed >> 3) % 5) * 18;
  const left = 150 - width / 2 + (((seed >> 6) % 7) - 3) * 8;
  const radius = ((seed >> 9) % 4) * (width / 8);
  return html`<svg class="picture" viewBox="0 0 300 300" role="img" aria-label="${title}">
    <rect width="300" height="300" fill="${ground}" />
    <circle cx="${90 + ((seed >> 4) % 120)}" cy="${90 + ((seed >> 7) % 40)}" r="${46 + (seed % 26)}" fill="${far}" />
    <rect y="238" width="300" height="62" fill="${far}" opacity=".55" />
    <ellipse cx="${left + width / 2}" cy="240" rx="${width * 0.62}" ry="9" fill="${near}" opacity=".25" />
    <rect x="${left}" y="${240 - height}" width="${width}" height="${height}" rx="${radius + 4}" fill="${near}" />
    <rect x="${left + width * 0.32}" y="${224 - height}" width="${width * 0.36}" height="20" rx="4" fill="${near}" />
    <rect x="${left + 10}" y="${252 - height}" width="6" height="${height - 30}" rx="3" fill="#fff" opacity=".18" />
  </svg>`;
}
