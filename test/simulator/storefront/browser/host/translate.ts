type Replacements = Record<string, unknown>;
type Translated = string | unknown[];

export interface TextSource {
  locale: string;
  texts: unknown;
  defaultLocale: string;
  defaultTexts: unknown;
}

/**
 * `shopify.i18n.translate`: looks `a.b` up in the buyer's texts, then in the default ones; `count` chooses among plural
 * forms by the rules of that language; `{{name}}` is replaced. Gives a list of parts when a replacement is no text, and
 * the key itself when there is no text for it.
 */
export function createTranslate(source: TextSource): (key: string, replacements?: Replacements) => Translated {
  return (key, replacements = {}) => {
    const text =
      findText(source.texts, key, replacements, source.locale) ??
      findText(source.defaultTexts, key, replacements, source.defaultLocale);
    if (text === undefined) console.warn(`There is no text for "${key}" in the extension's locales.`);
    return replaceIn(text ?? key, replacements);
  };
}

function findText(texts: unknown, key: string, replacements: Replacements, locale: string): string | undefined {
  const found = key.split('.').reduce<unknown>((value, name) => fieldOf(value, name), texts);
  if (typeof found === 'string') return found;
  const { count } = replacements;
  if (typeof count !== 'number') return undefined;
  const forms = [count === 0 ? 'zero' : '', new Intl.PluralRules(locale).select(count), 'other'];
  return forms.map((form) => fieldOf(found, form)).find((form) => typeof form === 'string');
}

function replaceIn(text: string, replacements: Replacements): Translated {
  const parts = text.split(/(\{\{\s*\w+\s*\}\})/).map((part) => {
    const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1];
    return name !== undefined && name in replacements ? replacements[name] : part;
  });
  return parts.every((part) => typeof part === 'string' || typeof part === 'number')
    ? parts.join('')
    : parts.filter((part) => part !== '');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
