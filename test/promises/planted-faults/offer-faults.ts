import type { PlantedFault } from './planted-fault.ts';

/** Of what a mistake costs a merchant money, or a shopper their trust in a code. */
export const OFFER_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a code that Shopify may not have is given away',
    edits: [
      {
        file: 'app/adapters/db/offers/decisions-to-record.server.ts',
        find: "AND p.state = 'added' AND",
        replace: "AND p.state IN ('added', 'intended') AND",
      },
    ],
    test: 'test/services/offers/fill-offer-pool.test.ts',
    named: /given to nobody before they are found/,
  },
  {
    name: 'nobody takes what was made ahead',
    edits: [{ file: 'app/adapters/db/offers/decisions-to-record.server.ts', find: 'WHERE EXISTS (SELECT FROM decided) AND', replace: 'WHERE false AND' }],
    test: 'test/promises/c1-code-pool.test.ts',
    named: /C1.*more pages than codes at hand/,
  },
  {
    name: 'store credit whose answer was lost is sent again',
    edits: [{ file: 'app/services/offers/give-offer-credits.server.ts', find: '  if (attempts > 0) {\n', replace: '  if (attempts > 1) {\n' }],
    test: 'test/services/offers/give-offer-credits.test.ts',
    named: /never given twice/,
  },
  {
    name: 'who got an offer while nobody was held out shows what offers add',
    edits: [{ file: 'app/adapters/db/offer-decisions.server.ts', find: 'WHERE holdout_basis_points > 0 AND rule_id IS NOT NULL`', replace: 'WHERE rule_id IS NOT NULL`' }],
    test: 'test/promises/h1-what-offers-add.test.ts',
    named: /H1.*shares before and after/,
  },
];
