import { catalogues } from './catalogues.ts';
import { report as reportEn } from './en/report.ts';
import { report as reportZh } from './zh-CN/report.ts';

/** The words of the report that a terminal makes. They stand apart so that no browser has to load them. */
export const reportCatalogues = {
  en: { ...catalogues.en, report: reportEn },
  'zh-CN': { ...catalogues['zh-CN'], report: reportZh },
};
