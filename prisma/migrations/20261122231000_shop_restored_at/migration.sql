SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When a backup was restored: what happened before may have been answered by deeds of which no row knows any more.
ALTER TABLE shops ADD COLUMN restored_at TIMESTAMPTZ(3);
