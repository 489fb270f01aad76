import type { reportCatalogues } from './report-catalogues.ts';

// A key that is in no catalogue does not compile. Those of `report` are there for the command that makes it, and no page.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: (typeof reportCatalogues)['en'];
  }
}
