SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- What a decision was made by: of how many in 10,000 chance was to hold out such a customer, 0 where none was (a guest
-- is never held out), and the rule that fitted, also where its offer was withheld. Only where chance decided does a decision
-- say what offers add, and of which rule. Null in decisions of before, of which nobody knows it.
ALTER TABLE offer_decisions
  ADD COLUMN holdout_basis_points INTEGER,
  ADD COLUMN rule_id UUID;
