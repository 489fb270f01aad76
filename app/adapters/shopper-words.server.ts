import { SURFACES } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale, Surface } from '#app/domain/texts/surfaces.ts';
import { flattenWords } from '#app/domain/texts/surface-words.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';

/**
 * Our words, from the very files that Shopify's CLI builds the extensions with, so that each stands in one place and a new
 * one is known here as soon as it is there. Vite puts the files into the server's build, which runs without the folder of
 * the extensions; nothing else of an extension is known to the app. The worker, which Node runs from source, needs no words.
 */
const files: Readonly<Record<string, unknown>> = import.meta.glob(['/extensions/perennial-*/locales/*.json', '!**/*.schema.json'], { eager: true, import: 'default' });

const known = new Map<string, Words>();

export function ourWords(surface: Surface, locale: ShopperLocale): Words {
  const file = `/extensions/perennial-${surface}/locales/${locale === 'en' ? 'en.default' : locale}.json`;
  const words = known.get(file) ?? flattenWords(requireTree(file));
  known.set(file, words);
  return words;
}

function requireTree(file: string): object {
  const tree = files[file];
  if (typeof tree !== 'object' || tree === null) throw new Error(`${file} is not among the words of ${SURFACES.join(', ')}`);
  return tree;
}
