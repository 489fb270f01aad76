SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When an invite that had been given up was taken up again, from which its tries are counted; null for one that never was.
ALTER TABLE account_invites ADD COLUMN resumed_at TIMESTAMPTZ(3);
