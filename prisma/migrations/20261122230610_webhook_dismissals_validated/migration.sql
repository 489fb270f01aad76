SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Apart from the migration that adds it: the rows are read under a lock that nobody's writes wait for.
ALTER TABLE webhook_inbox VALIDATE CONSTRAINT webhook_inbox_dismissed;
