import { simulateOnPast } from '#app/services/loyalty/simulate-on-past.server.ts';
import { getOfferLift } from '#app/services/offers/get-offer-lift.server.ts';
import { getOfferResults } from '#app/services/offers/get-offer-results.server.ts';
import type { ApartName } from '#app/services/retention/compute-apart.server.ts';
import { loadSheetPart } from '#app/services/retention/export-customers.server.ts';
import { getCohorts } from '#app/services/retention/get-cohorts.server.ts';
import { getComparedModels } from '#app/services/retention/get-compared-models.server.ts';
import { getCustomerFacts } from '#app/services/retention/get-customer-facts.server.ts';
import { getOverview } from '#app/services/retention/get-overview.server.ts';
import { getPredictions } from '#app/services/retention/get-predictions.server.ts';
import { getProductReport } from '#app/services/retention/get-product-report.server.ts';
import { getProducts } from '#app/services/retention/get-products.server.ts';
import { getRetentionReport } from '#app/services/retention/get-retention-report.server.ts';
import { getRfmAgreement } from '#app/services/retention/get-rfm-agreement.server.ts';
import { listFound } from '#app/services/retention/list-customers.server.ts';
import { listDueCustomers } from '#app/services/retention/list-due-customers.server.ts';
import { computeProductActions } from '#app/services/retention/product-actions.server.ts';
import { warmOverview } from '#app/services/retention/warm-pages.server.ts';
import { countMembers } from '#app/services/segments/count-members.server.ts';
import { loadMemberIds } from '#app/services/segments/write/load-member-ids.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What the thread computes. Only `computedApart` asks by these names, with the input that belongs to the name. */
export const ANSWERS_APART: Readonly<Record<ApartName, (context: ShopContext, input: never) => Promise<unknown>>> = {
  overview: getOverview,
  'warm-overview': warmOverview,
  'retention-report': getRetentionReport,
  cohorts: getCohorts,
  customers: listFound,
  'customers-sheet': loadSheetPart,
  customer: getCustomerFacts,
  'product-report': getProductReport,
  'product-actions': computeProductActions,
  products: getProducts,
  predictions: getPredictions,
  models: getComparedModels,
  'due-customers': listDueCustomers,
  segments: countMembers,
  'loyalty-simulation': simulateOnPast,
  'segment-members': loadMemberIds,
  'rfm-agreement': getRfmAgreement,
  'offer-lift': getOfferLift,
  'offer-results': getOfferResults,
};
