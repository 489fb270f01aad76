import { createInstance } from 'i18next';
import type { i18n, Resource } from 'i18next';

import { catalogues } from './catalogues.ts';
import { LANGUAGES } from './languages.ts';
import type { Language } from './languages.ts';

const instances = new Map<Language, i18n>();

/** The words in one language. Its language never changes, so requests share it. */
export function i18nIn(language: Language): i18n {
  const known = instances.get(language);
  if (known !== undefined) return known;
  const instance = instanceOf(language, catalogues);
  instances.set(language, instance);
  return instance;
}

/** One of its own, with other words than the pages have. */
export function instanceOf(language: Language, resources: Resource): i18n {
  const instance = createInstance();
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: LANGUAGES,
    resources,
    defaultNS: 'shell',
    // The words are here already: without this the first render would come before them.
    initAsync: false,
    // React escapes.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  return instance;
}
