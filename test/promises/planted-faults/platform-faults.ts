import type { Edit, PlantedFault } from './planted-fault.ts';

const TENANCY = 'prisma/migrations/20261121000100_tenancy/migration.sql';
const CLAIMS = 'app/adapters/shopify/proofs/signed-claims.server.ts';
const PROOF = 'app/adapters/shopify/proofs/session-token.server.ts';
const UNHELD: Edit = { file: 'app/adapters/db/tombstones.repository.server.ts', find: '    await holdShop(connection, shop);\n', replace: '' };

/** Mistakes about shops, tokens, webhooks, the sync, privacy, backups and money. */
export const PLATFORM_FAULTS: readonly PlantedFault[] = [
  {
    name: 'the unique index of unfinished imports is dropped',
    edits: [{ file: TENANCY, find: 'CREATE UNIQUE INDEX imports_one_unfinished', replace: 'CREATE INDEX imports_one_unfinished' }],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /one import of a kind/,
  },
  {
    name: 'a webhook has no idempotency key',
    edits: [
      {
        file: 'prisma/migrations/20261121000000_tables/migration.sql',
        find: 'CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("shop_id","webhook_id")',
        replace: 'CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("shop_id","inbox_id")',
      },
    ],
    test: 'test/adapters/db/idempotency-keys.test.ts',
    named: /a webhook is kept once/,
  },
  {
    name: 'row-level security is not forced',
    edits: [{ file: TENANCY, find: "    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);\n", replace: '' }],
    test: 'test/adapters/db/tenant-isolation.test.ts',
    named: /row-level security|force/i,
  },
  {
    name: 'the audience of a token is not looked at',
    edits: [{ file: CLAIMS, find: "  if (claims.data.aud !== clientId) return refuseProof('audience');\n", replace: '' }],
    test: 'test/promises/a1-forged-session-token.test.ts',
    named: /A1/,
  },
  {
    name: 'a token may go without an end',
    edits: [
      { file: CLAIMS, find: '  exp: z.number(),', replace: '  exp: z.number().default(9_999_999_999),' },
    ],
    test: 'test/promises/a1-forged-session-token.test.ts',
    named: /A1/,
  },
  {
    name: "a buyer's token opens the merchant's pages",
    edits: [
      { file: PROOF, find: "  if (isOfBuyer(signed.value)) return refuseProof('other-kind');\n", replace: '' },
      { file: PROOF, find: "const shopDomain = dest.startsWith(SCHEME) ? dest.slice(SCHEME.length) : '';", replace: "const shopDomain = dest.replace(SCHEME, '');" },
      { file: PROOF, find: "  if (iss !== `${dest}/admin`) return refuseProof('issuer');\n", replace: '' },
      { file: PROOF, find: "  if (sub === undefined || !STAFF_ID.test(sub)) return refuseProof('subject');\n", replace: '  void iss, STAFF_ID;\n' },
      { file: PROOF, find: 'staffId: sub } }', replace: "staffId: sub ?? '' } }" },
    ],
    test: 'test/promises/a2-token-of-another-kind.test.ts',
    named: /A2/,
  },
  {
    name: 'a sealed value opens in any place',
    edits: [
      { file: 'app/adapters/crypto/sealed-box.server.ts', find: 'cipher.setAAD(placeBytes(place));\n    const body = Buffer.concat([cipher', replace: 'const body = Buffer.concat([cipher' },
      { file: 'app/adapters/crypto/sealed-box.server.ts', find: '      decipher.setAAD(placeBytes(place));\n', replace: '' },
    ],
    test: 'test/adapters/crypto/sealing.test.ts',
    named: /place|row|shop|column/i,
  },
  {
    name: 'a webhook that could not be kept is answered with 200',
    edits: [{ file: 'app/http/webhook-endpoint.server.ts', find: 'return new Response(null, { status: 503 });', replace: 'return new Response(null, { status: 200 });' }],
    test: 'test/services/sync/webhooks/webhook-door.test.ts',
    named: /kept|answer|database/i,
  },
  {
    name: 'a signature is not compared',
    edits: [
      {
        file: 'app/adapters/shopify/webhook-request.server.ts',
        find: 'if (given.length === expected.length && timingSafeEqual(given, expected)) isSigned = true;',
        replace: 'if (given.length === expected.length || timingSafeEqual(given, expected)) isSigned = true;',
      },
    ],
    test: 'test/promises/w3-forged-signature.test.ts',
    named: /W3/,
  },
  {
    name: "another shop's signed body is believed",
    edits: [
      {
        file: 'app/services/sync/webhooks/webhook-binding.ts',
        find: "  if (named.some((value) => value !== domain)) return 'other-shop';\n",
        replace: '',
      },
    ],
    test: 'test/promises/w4-other-shop.test.ts',
    named: /W4/,
  },
  {
    name: 'an older version of an order replaces a newer one',
    edits: [
      {
        file: 'app/adapters/db/orders.repository.server.ts',
        find: 'WHERE orders.updated_at <= excluded.updated_at AND orders.deleted_at IS NULL',
        replace: 'WHERE orders.deleted_at IS NULL',
      },
    ],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /later version/,
  },
  {
    name: 'the tombstones are read before the lock instead of after it',
    edits: [
      {
        file: 'app/services/sync/import/store-bulk-file.server.ts',
        find: '      if (!(await moveImportBookmark(connection, shop, { importId, from, to, ...counts }))) return null;\n      const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);\n',
        replace: '      const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);\n      if (!(await moveImportBookmark(connection, shop, { importId, from, to, ...counts }))) return null;\n',
      },
      UNHELD,
    ],
    test: 'test/services/sync/import-interrupted.test.ts',
    named: /redact|tombstone|waits/i,
  },
  {
    name: 'tombstones are read without the shop’s row',
    edits: [UNHELD],
    test: 'test/routes/flow.add-points.test.ts',
    named: /waits for who is being deleted/,
  },
  {
    name: 'a file that was cut short counts as whole',
    edits: [{ file: 'app/services/sync/import/advance-imports.server.ts', find: 'return !file.isCut && file.lines >= operation.objectCount;', replace: 'return true;' }],
    test: 'test/promises/s3-bulk-endings.test.ts',
    named: /S3/,
  },
  {
    name: 'a partial list is compared as if it were all',
    edits: [{ file: 'app/services/sync/reconcile/compare-listing.server.ts', find: '      if (lines < objectCount) throw new CutShortError();\n', replace: '' }],
    test: 'test/services/sync/reconcile/reconcile-faults.test.ts',
    named: /cut|short|whole|partial|list/i,
  },
  {
    name: 'two processes refresh one token at once',
    edits: [
      {
        file: 'app/adapters/shopify/offline-token.server.ts',
        find: 'withSessionLock(pool, [TOKEN_LOCK, lockNumberOf(shop.domain)], () => replace(refused)),\n    );\n  };',
        replace: 'replace(refused),\n    );\n  };',
      },
    ],
    test: 'test/promises/s7-token-rotation.test.ts',
    named: /S7/,
  },
  {
    name: 'a throttled answer is given up at once',
    edits: [{ file: 'app/adapters/shopify/admin-api.server.ts', find: 'const MAX_THROTTLE_WAITS = 8;', replace: 'const MAX_THROTTLE_WAITS = 0;' }],
    test: 'test/adapters/shopify/admin-api.test.ts',
    named: /throttle|wait/i,
  },
  {
    name: 'a withheld customer wipes out the one we knew',
    edits: [
      {
        file: 'app/services/sync/refresh-order.server.ts',
        find: '  if (!held || withheld.size === 0) return order;\n',
        replace: '  if (held || withheld.size === 0) return order;\n  if (!held) return order;\n',
      },
    ],
    test: 'test/services/sync/webhooks/webhooks.test.ts',
    named: /withh/i,
  },
  {
    name: 'a redacted order keeps its name',
    edits: [{ file: 'app/services/sync/import/import-source.server.ts', find: "BLANKED = { name: '', ", replace: 'BLANKED = { ' }],
    test: 'test/promises/p1-customer-redacted.test.ts',
    named: /P1/,
  },
  {
    name: 'a redacted customer leaves no tombstone',
    edits: [
      {
        file: 'app/services/privacy/redact-customer.server.ts',
        find: "  await raiseTombstones(db, sealedBox, shop, 'customer', [customerId]);\n",
        replace: '',
      },
    ],
    test: 'test/promises/p3-nobody-comes-back.test.ts',
    named: /P3/,
  },
  {
    name: 'a file is fetched from any address',
    edits: [
      {
        file: 'app/adapters/http/guarded-fetch.server.ts',
        find: 'if (!addresses.every(({ address }) => isPublicAddress(address))) {',
        replace: 'if (addresses.length > 9 && !addresses.every(({ address }) => isPublicAddress(address))) {',
      },
    ],
    test: 'test/promises/a8-ssrf.test.ts',
    named: /A8/,
  },
  {
    name: 'a formula is written into a CSV as it is',
    edits: [{ file: 'app/adapters/csv/guard-cell.ts', find: 'TABS_AND_LINES.test(first) || needsGuard(', replace: 'TABS_AND_LINES.test(first) && needsGuard(' }],
    test: 'test/promises/a7-csv.test.ts',
    named: /A7/,
  },
  {
    name: 'the limiter lets everybody in while its store is down',
    edits: [
      {
        file: 'app/adapters/rate-limit/rate-limiter.server.ts',
        find: 'const alone = new RateLimiterMemory({ keyPrefix: name, points: Math.max(1, Math.floor(points / 2)), duration: perSeconds });',
        replace: 'const alone = new RateLimiterMemory({ keyPrefix: name, points: 1_000_000, duration: perSeconds });',
      },
    ],
    test: 'test/promises/a9-limits.test.ts',
    named: /A9/,
  },
  {
    name: 'a backup that was cut short opens',
    edits: [
      {
        file: 'app/adapters/backup/sealed-file.server.ts',
        find: "    if (!front || !body) throw new BackupFileError('The backup is cut short.');\n",
        replace: '    if (!front || !body) return;\n',
      },
    ],
    test: 'test/adapters/backup/sealed-file.test.ts',
    named: /cut|short/i,
  },
  {
    name: 'a change of keys loses what is written meanwhile',
    edits: [
      { file: 'app/services/privacy/rotate-keys.server.ts', find: ' FOR UPDATE SKIP LOCKED`', replace: '`' },
    ],
    test: 'test/services/privacy/rotate-keys.test.ts',
    named: /newer|lose|waits/i,
  },
  {
    name: 'a query forgets its shop and nothing stops it',
    edits: [
      { file: 'app/adapters/db/tenant.server.ts', find: "        await db.$queryRaw`SELECT set_config('app.shop_id', ${String(shop.shopId)}, true)`;\n", replace: "        await db.$queryRaw`SELECT set_config('app.shop_id', ${String(shop.shopId)}, false)`;\n" },
    ],
    test: 'test/promises/a4-forgotten-where.test.ts',
    named: /A4/,
  },
  {
    name: 'work is not locked, so two workers do it',
    edits: [
      {
        file: 'app/adapters/db/session-lock.server.ts',
        find: 'return rows[0]?.taken ? thenUnlock(connection, lock, work, discard) : undefined;',
        replace: 'return rows.length > 0 ? thenUnlock(connection, lock, work, discard) : undefined;',
      },
    ],
    test: 'test/jobs/work-loop.test.ts',
    named: /one|worker|lock/i,
  },
  {
    name: 'what is left over of a split is nobody’s',
    edits: [{ file: 'app/domain/money/allocate-proportionally.ts', find: '  for (; missing > 0; missing -= 1) step(parts, weights, 1);\n', replace: '' }],
    test: 'test/promises/l12-currency.test.ts',
    named: /L12.*refunds and splits/,
  },
  {
    name: 'digits beyond the minor unit are cut off',
    edits: [
      {
        file: 'app/domain/money/parse-minor-units.ts',
        find: "  if (/[1-9]/.test(fraction.slice(exponent))) return { ok: false, reason: 'too-many-digits', text: decimal, exponent };\n",
        replace: '',
      },
    ],
    test: 'test/promises/l12-currency.test.ts',
    named: /L12.*too many digits/,
  },
];
