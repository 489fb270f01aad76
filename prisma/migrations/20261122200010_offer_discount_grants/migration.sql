SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Discounts grant more than a percentage, on a rule's account. A version that knows only percentages makes only those, and
-- leaves a code of another kind to the next one: it cannot read its terms, and tries again.
ALTER TABLE offer_discounts
  ADD COLUMN rule_id UUID,
  ADD COLUMN grant_kind TEXT NOT NULL DEFAULT 'percent',
  ADD COLUMN amount_minor BIGINT,
  -- squawk-ignore ban-drop-not-null
  ALTER COLUMN percent_basis_points DROP NOT NULL;
