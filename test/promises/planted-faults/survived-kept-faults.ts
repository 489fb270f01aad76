import type { PlantedFault } from './planted-fault.ts';

const OTHER_QUESTIONS = 'test/services/retention/other-questions.test.ts';
const FILE_OF_CUSTOMERS = 'app/services/retention/export-customers.server.ts';
const CUSTOMERS_FILE = 'test/services/retention/customers-file.test.ts';
const PREDICTIONS = 'app/services/retention/shop-predictions.server.ts';
const WRITES = 'app/services/segments/write/advance-segment-writes.server.ts';

/** Of what is kept in memory, of lists and files, and of written segments; no test of that day noticed. */
export const SURVIVED_KEPT_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a list of customers is of the day that was asked for before',
    edits: [{ file: 'app/services/retention/customer-scope.server.ts', find: 'if (kept?.day === asOf.day) return kept.rows;', replace: 'if (kept) return kept.rows;' }],
    test: OTHER_QUESTIONS,
    named: /no list of customers of another/,
  },
  {
    name: 'predictions are of the day that was asked for before',
    edits: [{ file: PREDICTIONS, find: 'known.day !== asOf.day || ', replace: '' }],
    test: OTHER_QUESTIONS,
    named: /predicted of no other/,
  },
  {
    name: 'predictions keep who was forgotten',
    edits: [{ file: PREDICTIONS, find: 'known.orders.dataVersion >= removedVersion && context', replace: 'known.orders.dataVersion >= 0n && context' }],
    test: OTHER_QUESTIONS,
    named: /until somebody is forgotten/,
  },
  {
    name: 'predictions are of orders as they were counted before',
    edits: [{ file: PREDICTIONS, find: ' || !areColumnsOf(known.orders.columns, orders.columns)) return false', replace: ') return false' }],
    test: OTHER_QUESTIONS,
    named: /counted otherwise/,
  },
  {
    name: 'products are of orders as they were counted before',
    edits: [{ file: 'app/services/retention/shop-lines.server.ts', find: '  if (!areColumnsOf(orders.columns, now.columns)) return false;\n', replace: '' }],
    test: OTHER_QUESTIONS,
    named: /counted as they are now/,
  },
  {
    name: 'cohorts by week are those by month that were asked for before',
    edits: [{ file: 'app/services/retention/get-cohorts.server.ts', find: 'const when = `${asOfDay} ${period}`;', replace: 'const when = `${asOfDay}`;' }],
    test: OTHER_QUESTIONS,
    named: /though it is of the same orders/,
  },
  {
    name: 'channels are compared as the countries that were asked for before',
    edits: [{ file: 'app/services/retention/get-cohorts.server.ts', find: '`${when} ${compare}`', replace: '`${when}`' }],
    test: OTHER_QUESTIONS,
    named: /though it is of the same orders/,
  },
  {
    name: 'a month on the overview is the year that was asked for before',
    edits: [{ file: 'app/services/retention/get-overview.server.ts', find: '`${asOfDay} ${days} ${key}`', replace: '`${asOfDay} ${key}`' }],
    test: OTHER_QUESTIONS,
    named: /though it is of the same orders/,
  },
  {
    name: 'a search for who never bought finds the next customer',
    edits: [
      {
        file: 'app/services/retention/list-customers.server.ts',
        find: 'const row = columns.customerKeys[customer] === key ? rowOfCustomer(rows, customer) : -1;',
        replace: 'const row = rowOfCustomer(rows, customer);',
      },
    ],
    test: OTHER_QUESTIONS,
    named: /nobody else in their place/,
  },
  {
    name: 'whoever is in no list is named',
    edits: [
      {
        file: 'app/services/retention/show-customer-names.server.ts',
        find: 'const own = await heldByShop(context, customerIds.slice(0, NAMES_AT_MOST));',
        replace: 'void heldByShop;\n  const own = customerIds.slice(0, NAMES_AT_MOST);',
      },
    ],
    test: OTHER_QUESTIONS,
    named: /not named in a list/,
  },
  {
    name: 'an amount in another currency is shown as one in the shop’s',
    edits: [
      {
        file: 'app/services/retention/get-customer.server.ts',
        find: "(order.currency === currency ? null : ('otherCurrency' as const))",
        replace: 'null',
      },
    ],
    test: OTHER_QUESTIONS,
    named: /with the reason and no value/,
  },
  {
    name: 'orders in another currency are told of each part',
    edits: [{ file: 'app/services/retention/get-overview.server.ts', find: 'scope.cut === null ? inOtherCurrency : 0', replace: 'inOtherCurrency' }],
    test: OTHER_QUESTIONS,
    named: /told of a part of the customers/,
  },
  {
    name: 'a file of customers ends after two thousand of them',
    edits: [{ file: FILE_OF_CUSTOMERS, find: 'const isWhole = rows.length < ROWS_AT_ONCE;', replace: 'const isWhole = rows.length <= ROWS_AT_ONCE;' }],
    test: CUSTOMERS_FILE,
    named: /over all its parts/,
  },
  {
    name: 'a file of customers has the two thousandth twice',
    edits: [{ file: FILE_OF_CUSTOMERS, find: 'columns.customerKeys[at] === after ? at + 1 : at', replace: 'at' }],
    test: CUSTOMERS_FILE,
    named: /over all its parts/,
  },
  {
    name: 'a file of customers that is cut short looks whole',
    edits: [{ file: FILE_OF_CUSTOMERS, find: "if (next === null) throw new Error('The shop left while its customers were written to a file');", replace: 'if (next === null) return;' }],
    test: CUSTOMERS_FILE,
    named: /does not end as if it were whole/,
  },
  {
    name: 'who takes a file of due customers is not noted',
    edits: [
      {
        file: 'app/services/retention/list-due-customers.server.ts',
        find: "if (found !== null) await context.inShop((db) => noteAccess(context, db, { actor, action: 'file-due-customers', records: found.customers.length }));",
        replace: 'void actor;\n  void noteAccess;',
      },
    ],
    test: 'test/services/segments/due-customers.test.ts',
    named: /who took it is noted/,
  },
  {
    name: 'a tier is counted as it was before somebody rose',
    edits: [{ file: 'app/services/segments/count-members.server.ts', find: ' && known.of.tiers === tiers', replace: '' }],
    test: 'test/services/retention/tier-cut.test.ts',
    named: /once somebody rose/,
  },
  {
    name: 'a tier of tomorrow is that of today',
    edits: [{ file: 'app/adapters/db/loyalty/customer-tiers.server.ts', find: 'AND c.effective_at <= $3 ORDER', replace: 'AND $3::timestamptz IS NOT NULL ORDER' }],
    test: 'test/services/retention/tier-cut.test.ts',
    named: /once somebody rose/,
  },
  {
    name: 'what products tell to do is of the day that was asked for before',
    edits: [{ file: 'app/services/retention/product-actions.server.ts', find: 'known.asOf === asOf && areColumnsOf', replace: 'areColumnsOf' }],
    test: 'test/services/retention/product-actions.test.ts',
    named: /of one day is nothing of another/,
  },
  {
    name: 'no overview where what products tell cannot be computed',
    edits: [{ file: 'app/services/retention/product-actions.server.ts', find: '      return usable;\n    });', replace: '      throw error;\n    });' }],
    test: 'test/services/retention/product-actions.test.ts',
    named: /where their lines cannot be read/,
  },
  {
    name: 'a segment is deleted while customers have its tag',
    edits: [
      {
        file: 'app/services/segments/save-segment.server.ts',
        find: "    if (await isSegmentWritten(db, shop, segmentId)) return { ok: false, reason: 'written' };\n",
        replace: '    void isSegmentWritten;\n',
      },
    ],
    test: 'test/services/segments/segments.test.ts',
    named: /stays while it is written/,
  },
  {
    name: 'a night begins what the merchant has stopped meanwhile',
    edits: [
      {
        file: WRITES,
        find: 'if ((await loadDueTargets(db, shop, now())).length === 0) return;',
        replace: 'const due = await loadDueTargets(db, shop, now());\n    if (due.length === 0) return;',
      },
      { file: WRITES, find: 'for (const targetId of await loadDueTargets(db, shop, now())) {', replace: 'for (const targetId of due) {' },
    ],
    test: 'test/services/segments/interrupted-writes.test.ts',
    named: /stops what the other was about to begin/,
  },
  {
    name: 'every second look says nothing of the first pull that a segment waits for',
    edits: [{ file: WRITES, find: "return 'waits';", replace: 'return null;' }],
    test: 'test/services/segments/write-segments.test.ts',
    named: /told at every look/,
  },
  {
    name: 'a night begins beside what is still under way',
    edits: [{ file: WRITES, find: '      if (await findUnfinishedRun(db, shop, targetId)) continue;\n', replace: '' }],
    test: 'test/services/segments/write-segments.test.ts',
    named: /not beside what is still under way/,
  },
  {
    name: 'what Shopify did not let go of is forgotten',
    edits: [{ file: 'app/services/segments/write/native-segment-steps.server.ts', find: '  if (ours > 0) return;\n', replace: '  void ours;\n' }],
    test: 'test/services/segments/native-segments.test.ts',
    named: /stays ours to take away/,
  },
  {
    name: 'a segment that Shopify refused once is never asked for again',
    edits: [
      {
        file: 'app/services/segments/write/request-segment-write.server.ts',
        find: '    nativeProblem: null,\n',
        replace: '    nativeProblem: known?.nativeProblem ?? null,\n',
      },
    ],
    test: 'test/services/segments/native-segments.test.ts',
    named: /asked for again when the merchant asks again/,
  },
  {
    name: 'a file of customers is of two days',
    edits: [{ file: FILE_OF_CUSTOMERS, find: '{ ...question, asOf: first.asOf, after: part.after }', replace: '{ ...question, after: part.after }' }],
    test: CUSTOMERS_FILE,
    named: /of that day to its end/,
  },
  {
    name: 'predictions of before somebody was forgotten stand in for newer ones',
    edits: [{ file: 'app/services/retention/shop-predictions.server.ts', find: 'return known.orders.dataVersion >= removedVersion && ', replace: 'return ' }],
    test: 'test/services/retention/shop-predictions.test.ts',
    named: /somebody was forgotten/,
  },
];
