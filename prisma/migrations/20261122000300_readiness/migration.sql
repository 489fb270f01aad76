SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Web and worker say that they are not ready while a migration that they need is missing. Names and dates only.
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    GRANT SELECT (migration_name, finished_at, rolled_back_at) ON _prisma_migrations TO perennial_app;
  END IF;
END
$$;
