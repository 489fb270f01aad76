SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Caps over all rules, and the margin by which the page tells what an offer costs. Until a shop has saved rules, the terms
-- that stand here are its only rule; so the version before goes on beside this one. Its columns take a default for shops
-- that begin with rules, and go with the next version.
ALTER TABLE offer_settings
  ADD COLUMN most_open_codes INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN most_depth_basis_points INTEGER NOT NULL DEFAULT 10000,
  ADD COLUMN gross_margin_basis_points INTEGER,
  ADD COLUMN has_rules BOOLEAN NOT NULL DEFAULT false,
  ALTER COLUMN percent_basis_points SET DEFAULT 1500,
  ALTER COLUMN valid_days SET DEFAULT 30,
  ALTER COLUMN minimum_subtotal_minor SET DEFAULT 0,
  ALTER COLUMN audience SET DEFAULT 'first-order';
