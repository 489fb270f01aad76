import pg from 'pg';

const CONNECT_DEADLINE_MS = 10_000;

/** Whom DATABASE_URL logs in may see every shop's rows, so the process must not start. */
export class UnsafeDatabaseRoleError extends Error {
  override name = 'UnsafeDatabaseRoleError';
}

/**
 * Row-level security does not hold back a superuser, a role with BYPASSRLS, a member of perennial_registry, or a role
 * that owns the tables and could switch it off. Throws UnsafeDatabaseRoleError for those, and whatever the connection
 * throws.
 */
export async function requireTenantRole(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_DEADLINE_MS });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string; bypasses: boolean; owns: boolean }>(`
      SELECT current_user AS role,
        r.rolsuper OR r.rolbypassrls OR pg_has_role(current_user, 'perennial_registry', 'MEMBER') AS bypasses,
        EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(c.relowner, 'MEMBER')) AS owns
      FROM pg_roles r WHERE r.rolname = current_user`);
    const [found] = rows;
    if (found && !found.bypasses && !found.owns) return;
    throw new UnsafeDatabaseRoleError(
      `DATABASE_URL logs in as ${found?.role ?? 'nobody'}, whom row-level security does not hold back. ` +
        'Log in as perennial_app or a member of it that owns no table.',
    );
  } finally {
    await client.end();
  }
}
