SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When the answer of a data request was first handed on; null: not yet.
ALTER TABLE privacy_requests ADD COLUMN handed_on_at TIMESTAMPTZ(3);
