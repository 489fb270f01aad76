SET lock_timeout = '1s';
SET statement_timeout = '30s';

-- Whether a line is a gift card: it earns no points, since what is bought with it will. Null is no: it lets the version
-- before this one, whose temporary twins of the table copy NOT NULL and no default, go on.
ALTER TABLE order_lines ADD COLUMN is_gift_card BOOLEAN;
