SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Every row has the default: read once, beside traffic, as a constraint that was added without reading is to be.
ALTER TABLE offer_settings VALIDATE CONSTRAINT offer_settings_holdout;
