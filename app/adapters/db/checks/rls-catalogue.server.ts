import type pg from 'pg';

/** Prisma's own, which the app may not read; keyed hashes of shops that are gone; counters that name nobody. */
const TABLES_WITHOUT_SHOP = ['_prisma_migrations', 'forgotten_shops', 'hash_key_fingerprint', 'rate_limits'];
/** The registry's: a domain names a shop before any shop is known. */
const UNIQUE_WITHOUT_SHOP = ['shops_domain_key'];
const TENANT_RULE = "(shop_id = (NULLIF(current_setting('app.shop_id'::text, true), ''::text))::integer)";
const SEARCH_PATH = 'search_path=pg_catalog, public, pg_temp';

/** Tables, views and partitions of ours, and the tables among them whose rows belong to a shop. */
const RELATIONS = `
  relations AS (
    SELECT c.oid, c.relname::text AS name, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.reloptions,
      EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped) AS has_shop
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  ),
  tenant_tables AS (SELECT * FROM relations WHERE relkind IN ('r', 'p') AND has_shop)`;

/** Each answers with one row for each offence, which names what offends. */
const CHECKS: readonly { sql: string; values?: unknown[] }[] = [
  // Whom this connection works as, and the role that its rights come from.
  {
    sql: `
      SELECT r.rolname || ' ' || w.what AS offence FROM pg_roles r
      CROSS JOIN LATERAL (VALUES
        (r.rolsuper, 'is a superuser'), (r.rolbypassrls, 'bypasses row-level security'),
        (r.rolcreaterole, 'may create roles'), (r.rolreplication, 'may replicate'),
        (pg_has_role(r.oid, 'perennial_registry', 'MEMBER'), 'is a member of perennial_registry')
      ) w (is_so, what) WHERE w.is_so AND r.rolname IN (current_user, 'perennial_app')`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT r.rolname || ' owns ' || t.name AS offence FROM relations t, pg_roles r
      WHERE r.rolname IN (current_user, 'perennial_app') AND pg_has_role(r.oid, t.relowner, 'MEMBER')`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT r.rolname || ' may ' || lower(p.name) || ' ' || t.name AS offence
      FROM relations t, pg_roles r, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) p (name)
      WHERE r.rolname IN (current_user, 'perennial_app') AND has_table_privilege(r.oid, t.oid, p.name)`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT name || ' is readable and belongs to no shop' AS offence FROM relations
      WHERE NOT has_shop AND relkind IN ('r', 'p', 'f') AND name <> ALL ($1) AND has_table_privilege('perennial_app', oid, 'SELECT')`,
    values: [TABLES_WITHOUT_SHOP],
  },
  // A view reads with the rights of its owner, whom the policies do not hold.
  {
    sql: `WITH ${RELATIONS}
      SELECT name || ' is a view that row-level security does not reach' AS offence FROM relations
      WHERE (relkind = 'm' OR relkind = 'v' AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on'])
        AND has_table_privilege('perennial_app', oid, 'SELECT')`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT name || CASE WHEN relrowsecurity THEN ' does not force row-level security' ELSE ' has no row-level security' END AS offence
      FROM tenant_tables WHERE NOT (relrowsecurity AND relforcerowsecurity)`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT t.name || ' has no policy for perennial_app' AS offence FROM tenant_tables t
      WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND 'perennial_app'::regrole = ANY (p.polroles))`,
  },
  // Permissive policies add up, so each one that holds for the app must be the rule itself, for reads and for writes.
  {
    sql: `WITH ${RELATIONS}
      SELECT t.name || ' has a policy of another rule: ' || p.polname AS offence FROM tenant_tables t JOIN pg_policy p ON p.polrelid = t.oid
      WHERE (p.polroles && ARRAY['perennial_app'::regrole::oid, 0::oid])
        AND (p.polcmd <> '*' OR pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM $1
          OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid)) IS DISTINCT FROM $1)`,
    values: [TENANT_RULE],
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT t.name || ' has a policy for ' || coalesce(r.rolname, 'everybody') || ': ' || p.polname AS offence
      FROM tenant_tables t JOIN pg_policy p ON p.polrelid = t.oid CROSS JOIN LATERAL unnest(p.polroles) o (oid)
      LEFT JOIN pg_roles r ON r.oid = o.oid WHERE r.rolname IS NULL OR r.rolname NOT IN ('perennial_app', 'perennial_registry')`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT t.name || ' has no primary key' AS offence FROM tenant_tables t
      WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)`,
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT i.indexrelid::regclass::text || ' does not begin with the shop' AS offence FROM tenant_tables t
      JOIN pg_index i ON i.indrelid = t.oid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
      WHERE i.indisunique AND a.attname IS DISTINCT FROM 'shop_id' AND i.indexrelid::regclass::text <> ALL ($1)`,
    values: [UNIQUE_WITHOUT_SHOP],
  },
  {
    sql: `WITH ${RELATIONS}
      SELECT k.conname || ' does not begin with the shop' AS offence FROM tenant_tables t
      JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
      JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = k.conkey[1]
      JOIN pg_attribute o ON o.attrelid = k.confrelid AND o.attnum = k.confkey[1]
      WHERE f.attname <> 'shop_id' OR o.attname <> 'shop_id'`,
  },
  // What looks across shops on purpose: the registry's functions, closed to all but the app.
  {
    sql: `
      SELECT p.proname || ' looks across shops ' || CASE
          WHEN p.proowner <> 'perennial_registry'::regrole THEN 'as ' || p.proowner::regrole::text
          WHEN array_to_string(p.proconfig, ',') IS DISTINCT FROM $1 THEN 'by a search path of the caller'
          ELSE 'for everybody' END AS offence
      FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
        AND (p.proowner <> 'perennial_registry'::regrole OR array_to_string(p.proconfig, ',') IS DISTINCT FROM $1
          OR has_function_privilege('public', p.oid, 'EXECUTE'))`,
    values: [SEARCH_PATH],
  },
];

/**
 * What in the database's own catalogue would let one shop see another: empty when nothing does. Run it as the app is
 * logged in, since the role is part of the question.
 */
export async function rlsCatalogue(database: Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>): Promise<string[]> {
  const offences: string[] = [];
  for (const { sql, values = [] } of CHECKS) {
    const { rows } = await database.query<{ offence: string }>(sql, values);
    offences.push(...rows.map((row) => row.offence));
  }
  return [...new Set(offences)].sort();
}
