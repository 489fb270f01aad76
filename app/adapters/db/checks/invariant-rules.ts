/**
 * What must hold of one shop's rows, each as a query for what offends: `id` names the row. `$1` is the shop, `$2` now.
 * Only what no honest sequence of events breaks: whoever reads an offence should find a fault, of ours or of a hand in
 * the database, or something that waits for a person.
 */
export const INVARIANT_RULES: Readonly<Record<string, string>> = {
  // What foreign keys hold, as long as they are there.
  'line-without-order': orphansOf('order_lines', 'line_id'),
  'refund-without-order': orphansOf('refunds', 'refund_id'),
  'fulfillment-without-order': orphansOf('fulfillments', 'fulfillment_id'),
  'code-without-discount': `
    SELECT c.order_id::text AS id FROM offer_codes c LEFT JOIN offer_discounts d USING (shop_id, discount_key)
    WHERE c.shop_id = $1 AND d.shop_id IS NULL`,

  // Orders.
  'order-doubled': 'SELECT order_id::text AS id FROM orders WHERE shop_id = $1 GROUP BY order_id HAVING count(*) > 1',
  'order-with-negative-money': `
    SELECT order_id::text AS id FROM orders
    WHERE shop_id = $1 AND least(subtotal_minor, current_shipping_minor, shipping_tax_minor, shipping_code_discount_minor, current_tax_minor,
      tip_minor, received_minor, refunded_minor) < 0`,
  'order-refunded-above-its-refunds': `
    SELECT o.order_id::text AS id FROM orders o JOIN refunds r USING (shop_id, order_id)
    WHERE o.shop_id = $1 GROUP BY o.order_id, o.refunded_minor HAVING sum(r.refunded_minor) > o.refunded_minor`,
  // Duties and fees come on top and are in no column of ours; a unit of the currency is left for the rounding of cash.
  'order-total-below-its-parts': `
    SELECT order_id::text AS id FROM orders
    WHERE shop_id = $1 AND current_total_minor + 100 < current_subtotal_minor + current_shipping_minor + tip_minor
      + CASE WHEN taxes_included THEN 0 ELSE current_tax_minor END`,
  'order-changed-before-it-was-made': `
    SELECT order_id::text AS id FROM orders WHERE shop_id = $1 AND updated_at < created_at - interval '1 second'`,
  'line-with-negative-count': `
    SELECT order_id || ' ' || line_id AS id FROM order_lines WHERE shop_id = $1 AND least(quantity, current_quantity) < 0`,
  'line-dearer-than-its-price': `
    SELECT order_id || ' ' || line_id AS id FROM order_lines
    WHERE shop_id = $1 AND discounted_total_minor > original_total_minor`,
  'data-version-behind': `
    SELECT s.domain AS id FROM shops s
    WHERE s.shop_id = $1 AND s.data_version <= 0 AND EXISTS (SELECT FROM orders o WHERE o.shop_id = $1)`,
  // Columns in memory would have taken it in before it was written.
  'data-version-below-its-rows': `
    SELECT o.order_id::text AS id FROM orders o JOIN shops s USING (shop_id) WHERE o.shop_id = $1 AND o.data_version > s.data_version
    UNION ALL
    SELECT c.customer_id::text FROM customers c JOIN shops s USING (shop_id) WHERE c.shop_id = $1 AND c.data_version > s.data_version`,

  // Privacy. What tombstones say needs the key, and is looked for in invariants.server.ts.
  'pseudonym-with-a-record': 'SELECT customer_id::text AS id FROM customers WHERE shop_id = $1 AND customer_id < 0',
  'pseudonym-on-a-named-order': `
    SELECT order_id::text AS id FROM orders
    WHERE shop_id = $1 AND customer_id < 0 AND (name <> '' OR province_code IS NOT NULL OR discount_codes <> '{}')`,
  'handled-webhook-with-its-body': `
    SELECT webhook_id AS id FROM webhook_inbox WHERE shop_id = $1 AND state = 'handled' AND body_sealed IS NOT NULL`,
  'privacy-request-late': `
    SELECT webhook_id AS id FROM webhook_inbox
    WHERE shop_id = $1 AND state <> 'handled' AND topic IN ('customers/data_request', 'customers/redact', 'shop/redact')
      AND received_at < $2::timestamptz - interval '10 days'`,

  // Work that stands still.
  'webhook-waits-too-long': `
    SELECT webhook_id AS id FROM webhook_inbox
    WHERE shop_id = $1 AND state = 'waiting' AND received_at < $2::timestamptz - interval '1 day'`,
  'webhook-dead': `SELECT webhook_id AS id FROM webhook_inbox WHERE shop_id = $1 AND state = 'dead'`,
  'import-beyond-its-file': `
    SELECT import_id::text AS id FROM imports
    WHERE shop_id = $1 AND state = 'storing' AND objects_stored + objects_rejected > objects_reported`,
  'import-complete-and-short': `
    SELECT import_id::text AS id FROM imports
    WHERE shop_id = $1 AND state = 'completed' AND objects_stored + objects_rejected < objects_reported`,
  'import-doubled': `
    SELECT resource AS id FROM imports
    WHERE shop_id = $1 AND state IN ('requested', 'running', 'storing') GROUP BY resource HAVING count(*) > 1`,
  'import-stuck': `
    SELECT import_id::text AS id FROM imports
    WHERE shop_id = $1 AND state IN ('requested', 'running', 'storing') AND requested_at < $2::timestamptz - interval '2 days'`,
  'reconciliation-doubled': `
    SELECT min(reconciliation_id::text) AS id FROM reconciliations
    WHERE shop_id = $1 AND state IN ('requested', 'running', 'comparing', 'repairing') HAVING count(*) > 1`,
  'reconciliation-late': `
    SELECT domain AS id FROM shops WHERE shop_id = $1 AND reconcile_due_at < $2::timestamptz - interval '1 day'`,
  // Each is due again the next night, so none is ever late.
  'reconciliation-fails': `
    SELECT s.domain AS id FROM shops s
    WHERE s.shop_id = $1 AND s.uninstalled_at IS NULL AND 3 <= (
      SELECT count(*) FROM reconciliations f WHERE f.shop_id = $1 AND f.state = 'failed' AND f.finished_at > coalesce(
        (SELECT max(c.finished_at) FROM reconciliations c WHERE c.shop_id = $1 AND c.state = 'completed'), '-infinity'))`,
  'code-issued-without-discount': `
    SELECT c.order_id::text AS id FROM offer_codes c JOIN offer_discounts d USING (shop_id, discount_key)
    WHERE c.shop_id = $1 AND c.state = 'issued' AND (d.discount_gid IS NULL OR c.issued_at IS NULL)`,
  'code-doubled': 'SELECT code AS id FROM offer_codes WHERE shop_id = $1 GROUP BY code HAVING count(*) > 1',
  'installed-without-token': `
    SELECT s.domain AS id FROM shops s
    WHERE s.shop_id = $1 AND s.installed_at < $2::timestamptz - interval '1 hour' AND s.uninstalled_at IS NULL
      AND NOT EXISTS (SELECT FROM sessions t WHERE t.shop_id = $1 AND NOT t.is_online)`,
};

function orphansOf(table: 'order_lines' | 'refunds' | 'fulfillments', idColumn: string): string {
  return `
    SELECT c.order_id || ' ' || c.${idColumn} AS id FROM ${table} c LEFT JOIN orders o USING (shop_id, order_id)
    WHERE c.shop_id = $1 AND o.shop_id IS NULL`;
}
