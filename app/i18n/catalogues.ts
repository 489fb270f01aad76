import { accounts as accountsEn } from './en/accounts.ts';
import { advice as adviceEn } from './en/advice.ts';
import { again as againEn } from './en/again.ts';
import { cohorts as cohortsEn } from './en/cohorts.ts';
import { counting as countingEn } from './en/counting.ts';
import { customers as customersEn } from './en/customers.ts';
import { dataCheck as dataCheckEn } from './en/data-check.ts';
import { groups as groupsEn } from './en/groups.ts';
import { history as historyEn } from './en/history.ts';
import { loyalty as loyaltyEn } from './en/loyalty.ts';
import { loyaltyGifts as loyaltyGiftsEn } from './en/loyalty-gifts.ts';
import { loyaltyImport as loyaltyImportEn } from './en/loyalty-import.ts';
import { loyaltyLiability as loyaltyLiabilityEn } from './en/loyalty-liability.ts';
import { loyaltyMembers as loyaltyMembersEn } from './en/loyalty-members.ts';
import { loyaltyPast as loyaltyPastEn } from './en/loyalty-past.ts';
import { loyaltyRewards as loyaltyRewardsEn } from './en/loyalty-rewards.ts';
import { loyaltyStaff as loyaltyStaffEn } from './en/loyalty-staff.ts';
import { loyaltyTiers as loyaltyTiersEn } from './en/loyalty-tiers.ts';
import { loyaltyTraces as loyaltyTracesEn } from './en/loyalty-traces.ts';
import { metrics as metricsEn } from './en/metrics.ts';
import { offers as offersEn } from './en/offers.ts';
import { overview as overviewEn } from './en/overview.ts';
import { predictions as predictionsEn } from './en/predictions.ts';
import { privacy as privacyEn } from './en/privacy.ts';
import { products as productsEn } from './en/products.ts';
import { segmentWrites as segmentWritesEn } from './en/segment-writes.ts';
import { segments as segmentsEn } from './en/segments.ts';
import { shell as shellEn } from './en/shell.ts';
import { standing as standingEn } from './en/standing.ts';
import { texts as textsEn } from './en/texts.ts';
import { accounts as accountsZh } from './zh-CN/accounts.ts';
import { advice as adviceZh } from './zh-CN/advice.ts';
import { again as againZh } from './zh-CN/again.ts';
import { cohorts as cohortsZh } from './zh-CN/cohorts.ts';
import { counting as countingZh } from './zh-CN/counting.ts';
import { customers as customersZh } from './zh-CN/customers.ts';
import { dataCheck as dataCheckZh } from './zh-CN/data-check.ts';
import { groups as groupsZh } from './zh-CN/groups.ts';
import { history as historyZh } from './zh-CN/history.ts';
import { loyalty as loyaltyZh } from './zh-CN/loyalty.ts';
import { loyaltyGifts as loyaltyGiftsZh } from './zh-CN/loyalty-gifts.ts';
import { loyaltyImport as loyaltyImportZh } from './zh-CN/loyalty-import.ts';
import { loyaltyLiability as loyaltyLiabilityZh } from './zh-CN/loyalty-liability.ts';
import { loyaltyMembers as loyaltyMembersZh } from './zh-CN/loyalty-members.ts';
import { loyaltyPast as loyaltyPastZh } from './zh-CN/loyalty-past.ts';
import { loyaltyRewards as loyaltyRewardsZh } from './zh-CN/loyalty-rewards.ts';
import { loyaltyStaff as loyaltyStaffZh } from './zh-CN/loyalty-staff.ts';
import { loyaltyTiers as loyaltyTiersZh } from './zh-CN/loyalty-tiers.ts';
import { loyaltyTraces as loyaltyTracesZh } from './zh-CN/loyalty-traces.ts';
import { metrics as metricsZh } from './zh-CN/metrics.ts';
import { offers as offersZh } from './zh-CN/offers.ts';
import { overview as overviewZh } from './zh-CN/overview.ts';
import { predictions as predictionsZh } from './zh-CN/predictions.ts';
import { privacy as privacyZh } from './zh-CN/privacy.ts';
import { products as productsZh } from './zh-CN/products.ts';
import { segmentWrites as segmentWritesZh } from './zh-CN/segment-writes.ts';
import { segments as segmentsZh } from './zh-CN/segments.ts';
import { shell as shellZh } from './zh-CN/shell.ts';
import { standing as standingZh } from './zh-CN/standing.ts';
import { texts as textsZh } from './zh-CN/texts.ts';

/** Every word of the admin pages, by language and area. English is the one that decides which words there are. */
export const catalogues = {
  en: {
    advice: adviceEn,
    again: againEn,
    cohorts: cohortsEn,
    accounts: accountsEn,
    counting: countingEn,
    customers: customersEn,
    dataCheck: dataCheckEn,
    groups: groupsEn,
    history: historyEn,
    loyalty: loyaltyEn,
    loyaltyGifts: loyaltyGiftsEn,
    loyaltyImport: loyaltyImportEn,
    loyaltyLiability: loyaltyLiabilityEn,
    loyaltyMembers: loyaltyMembersEn,
    loyaltyPast: loyaltyPastEn,
    loyaltyRewards: loyaltyRewardsEn,
    loyaltyStaff: loyaltyStaffEn,
    loyaltyTiers: loyaltyTiersEn,
    loyaltyTraces: loyaltyTracesEn,
    metrics: metricsEn,
    offers: offersEn,
    overview: overviewEn,
    predictions: predictionsEn,
    privacy: privacyEn,
    products: productsEn,
    segmentWrites: segmentWritesEn,
    segments: segmentsEn,
    shell: shellEn,
    standing: standingEn,
    texts: textsEn,
  },
  'zh-CN': {
    advice: adviceZh,
    again: againZh,
    cohorts: cohortsZh,
    accounts: accountsZh,
    counting: countingZh,
    customers: customersZh,
    dataCheck: dataCheckZh,
    groups: groupsZh,
    history: historyZh,
    loyalty: loyaltyZh,
    loyaltyGifts: loyaltyGiftsZh,
    loyaltyImport: loyaltyImportZh,
    loyaltyLiability: loyaltyLiabilityZh,
    loyaltyMembers: loyaltyMembersZh,
    loyaltyPast: loyaltyPastZh,
    loyaltyRewards: loyaltyRewardsZh,
    loyaltyStaff: loyaltyStaffZh,
    loyaltyTiers: loyaltyTiersZh,
    loyaltyTraces: loyaltyTracesZh,
    metrics: metricsZh,
    offers: offersZh,
    overview: overviewZh,
    predictions: predictionsZh,
    privacy: privacyZh,
    products: productsZh,
    segmentWrites: segmentWritesZh,
    segments: segmentsZh,
    shell: shellZh,
    standing: standingZh,
    texts: textsZh,
  },
};
