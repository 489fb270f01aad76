SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Orders whose awards failed, so that those of others go on; they are tried again. Null, as nothing, in rows of before.
ALTER TABLE loyalty_progress ADD COLUMN aside_order_ids BIGINT[];
