SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Of a webhook that was given up and that an operator then dismissed: who did, and why. It counts as handled, and
-- handled_at is when. A version that knows of neither leaves both empty.
ALTER TABLE webhook_inbox
  ADD COLUMN dismissed_by TEXT,
  ADD COLUMN dismissal_reason TEXT,
  ADD CONSTRAINT webhook_inbox_dismissed CHECK (
    (dismissed_by IS NULL) = (dismissal_reason IS NULL) AND (dismissed_by IS NULL OR state = 'handled')
  ) NOT VALID;
