SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Every row has the defaults: read once, beside traffic, as constraints that were added without reading are to be.
ALTER TABLE shops VALIDATE CONSTRAINT shops_counting_preset;
ALTER TABLE shops VALIDATE CONSTRAINT shops_order_value;
