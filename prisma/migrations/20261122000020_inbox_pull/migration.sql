SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- The pull that this webhook waits for; it is looked at again when that has ended.
ALTER TABLE webhook_inbox ADD COLUMN pull_id UUID;
