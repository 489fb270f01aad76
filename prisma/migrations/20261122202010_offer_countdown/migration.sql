SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Discounts of flash offers, whose end may be counted down to. The rule that they came from may be another by now.
ALTER TABLE offer_discounts ADD COLUMN counts_down BOOLEAN NOT NULL DEFAULT false;
