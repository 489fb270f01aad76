import { createInstance } from 'i18next';
import type { i18n } from 'i18next';

import { catalogues } from './catalogues.ts';
import { LANGUAGES } from './languages.ts';
import type { Language } from './languages.ts';

const instances = new Map<Language, i18n>();

/** The words in one language. Its language never changes, so requests share it. */
export function i18nIn(language: Language): i18n {
  const known = instances.get(language);
  if (known !== undefined) return known;
  const instance = createInstance();
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: LANGUAGES,
    resources: catalogues,
    defaultNS: 'shell',
    // The words are here already: without this the first render would come before them.
    initAsync: false,
    // React escapes.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  instances.set(language, instance);
  return instance;
}
