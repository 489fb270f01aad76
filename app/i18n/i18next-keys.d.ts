import type { catalogues } from './catalogues.ts';

// A key that is in no catalogue does not compile.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: (typeof catalogues)['en'];
  }
}
