SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Of how many customers in 10,000 nobody gets a code, so that it can be told what codes add. What every shop had before is
-- the default, so a version that does not know of it goes on as it was.
ALTER TABLE offer_settings
  ADD COLUMN holdout_basis_points INTEGER NOT NULL DEFAULT 0,
  ADD CONSTRAINT offer_settings_holdout CHECK (holdout_basis_points BETWEEN 0 AND 5000) NOT VALID;
