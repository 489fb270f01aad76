SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- When the worker next looks whether a shop has codes enough; null: at once, as after every change of what is offered. How
-- many are enough, and as of when: worked out anew once an hour, for it reads the orders of four weeks.
ALTER TABLE offer_settings
  ADD COLUMN pool_due_at TIMESTAMPTZ(3),
  ADD COLUMN pool_target INTEGER,
  ADD COLUMN pool_target_at TIMESTAMPTZ(3);
CREATE POLICY registry ON offer_settings FOR SELECT TO perennial_registry USING (true);
GRANT SELECT ON offer_settings TO perennial_registry;
