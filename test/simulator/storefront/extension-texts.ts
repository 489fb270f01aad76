import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { UiExtension } from './extension-catalogue.ts';

export interface ExtensionTexts {
  /** The language that was found for the buyer. */
  locale: string;
  texts: unknown;
  defaultLocale: string;
  defaultTexts: unknown;
}

/**
 * The extension's texts for a buyer: the file of exactly that locale, else of its language, else the default one. Files
 * are `locales/fr.json` and one `locales/en.default.json`.
 */
export async function readExtensionTexts(extension: UiExtension, locale: string): Promise<ExtensionTexts> {
  const folder = join(extension.folder, 'locales');
  const files = await readdir(folder).catch((): string[] => []);
  const defaultFile = files.find((file) => file.endsWith('.default.json'));
  const language = locale.split('-')[0] ?? locale;
  const file =
    [`${locale}.json`, `${locale}.default.json`, `${language}.json`, `${language}.default.json`].find((name) =>
      files.includes(name),
    ) ?? defaultFile;
  return {
    locale: localeOf(file) ?? locale,
    texts: await readTexts(folder, file),
    defaultLocale: localeOf(defaultFile) ?? 'en',
    defaultTexts: await readTexts(folder, defaultFile),
  };
}

/** What an extension is called: in the reader's language where its toml says `t:name`. */
export async function readExtensionName(extension: UiExtension, locale: string): Promise<string> {
  const key = /^t:(\w+)$/.exec(extension.name)?.[1];
  if (key === undefined) return extension.name;
  const { texts, defaultTexts } = await readExtensionTexts(extension, locale);
  const found: unknown = Reflect.get(Object(texts), key) ?? Reflect.get(Object(defaultTexts), key);
  return typeof found === 'string' ? found : extension.name;
}

async function readTexts(folder: string, file: string | undefined): Promise<unknown> {
  return file === undefined ? {} : JSON.parse(await readFile(join(folder, file), 'utf8'));
}

function localeOf(file: string | undefined): string | undefined {
  return file?.replace(/(\.default)?\.json$/, '');
}
