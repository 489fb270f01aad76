SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Few rows of many: counting them for the operator, showing them and letting go of them read no others.
-- Built within the transaction, since it is not worth a migration that may be left half done: a million rows of the inbox
-- take a second or two, in which webhooks wait at the door, and those that Shopify gives up on it sends again.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX webhook_inbox_dead ON webhook_inbox (shop_id, received_at) WHERE state = 'dead';
