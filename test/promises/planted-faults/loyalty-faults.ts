import type { PlantedFault } from './planted-fault.ts';

const FORGETTING = 'app/adapters/db/loyalty/forget-member.server.ts';

/** Mistakes about points. */
export const LOYALTY_FAULTS: readonly PlantedFault[] = [
  {
    name: 'the mark of what is awarded moves before the awards',
    edits: [
      {
        file: 'app/services/loyalty/award-orders.server.ts',
        find: '  const write = await awardThese(',
        replace:
          '  await withBriefConnection(context.pool, context.shop, (other) => moveAwardedVersion(other, context.shop, changed.throughVersion));\n  const write = await awardThese(',
      },
    ],
    test: 'test/promises/l1-worker-killed.test.ts',
    named: /L1/,
  },
  {
    name: 'the points of a redemption are committed before its row',
    edits: [
      {
        file: 'app/services/loyalty/reserve-together.server.ts',
        find: '    askLast(() => [writer.write(connection, shop, dueMsOf(terms, nowDate.getTime())), insertRedemptions(connection, shop, redemptions)]);\n',
        replace:
          "    await writer.write(connection, shop, dueMsOf(terms, nowDate.getTime()));\n    await connection.query('COMMIT; BEGIN');\n    await connection.query(\"SELECT set_config('app.shop_id', $1, true)\", [String(shop.shopId)]);\n    askLast(() => [insertRedemptions(connection, shop, redemptions)]);\n",
      },
    ],
    test: 'test/services/loyalty/redeem-points.test.ts',
    named: /row of their redemption/,
  },
  {
    name: 'two who refund the same order both take its points back',
    edits: [
      {
        file: 'app/services/loyalty/award-orders.server.ts',
        find: '    loadOrderEntries(connection, shop, orderIds),\n',
        replace: '    before,\n',
      },
      {
        file: 'prisma/migrations/20261122100000_loyalty_ledger/migration.sql',
        find: 'CREATE UNIQUE INDEX "loyalty_entries_key"',
        replace: 'CREATE INDEX "loyalty_entries_key"',
      },
    ],
    test: 'test/promises/l5-refunded-twice.test.ts',
    named: /L5/,
  },
  {
    name: 'a code whose answer was lost is sent again without a look',
    edits: [{ file: 'app/services/loyalty/issue-redemption.server.ts', find: '  if (redemption.attempts > 0) {\n', replace: '  if (redemption.attempts > 1) {\n' }],
    test: 'test/promises/l9-answer-lost.test.ts',
    named: /L9/,
  },
  {
    name: 'points come back before Shopify has counted who used the code',
    edits: [
      {
        file: 'app/services/loyalty/settle-release.server.ts',
        find: 'const isCounted = found.uses > 0 || now().getTime() >= atMs + SETTLING_WAIT_MS;',
        replace: 'const isCounted = found.uses > 0 || now().getTime() >= atMs;',
      },
      { file: 'app/services/loyalty/settle-release.server.ts', find: '  await postpone(SETTLING_WAIT_MS);\n', replace: '  await postpone(60_000);\n' },
    ],
    test: 'test/promises/l10-used-while-taken-back.test.ts',
    named: /L10/,
  },
  {
    name: 'two workers both send one wish',
    edits: [{ file: 'app/adapters/db/loyalty/redemptions.repository.server.ts', find: "state: 'reserved', attempts },", replace: "state: 'reserved' }," }],
    test: 'test/services/loyalty/redeemed-codes.test.ts',
    named: /is sent by one of them/,
  },
  {
    name: 'one store credit of Shopify’s is taken for two of ours',
    edits: [{ file: 'app/adapters/db/taken-credits.server.ts', find: 'return !(await loadTakenCredits(connection, shop, [gid])).has(gid);', replace: 'return true;' }],
    test: 'test/services/loyalty/redeem-points.test.ts',
    named: /somebody else takes what it finds/,
  },
  {
    name: 'a wish in another currency is the same wish',
    edits: [{ file: 'app/services/loyalty/reserve-together.server.ts', find: '[String(customerId), rewardId, points, currency]', replace: '[String(customerId), rewardId, points, currency !== undefined]' }],
    test: 'test/services/loyalty/redeem-points.test.ts',
    named: /a changed one is refused/,
  },
  {
    name: 'a form that asks for something else is taken for sent twice',
    edits: [{ file: 'app/services/loyalty/adjust-points.server.ts', find: ' || known.note !== note', replace: '' }],
    test: 'test/services/loyalty/members.test.ts',
    named: /has changed something else before/,
  },
  {
    name: 'notes are erased before their member is held',
    edits: [
      { file: FORGETTING, find: '  await db.loyaltyNote.deleteMany({ where });\n', replace: '' },
      {
        file: FORGETTING,
        find: '  await db.loyaltyMember.updateMany({\n',
        replace: '  await db.loyaltyNote.deleteMany({ where: { shopId, memberId: { in: memberIds } } });\n  await db.loyaltyMember.updateMany({\n',
      },
    ],
    test: 'test/services/loyalty/members.test.ts',
    named: /being forgotten while it is written/,
  },
];
