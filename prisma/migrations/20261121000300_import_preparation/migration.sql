-- While Shopify prepares a file, which is most of the wait: how many orders or customers are in it, and how many the
-- store had when it was asked for.
ALTER TABLE imports ADD COLUMN roots_prepared INTEGER NOT NULL DEFAULT 0, ADD COLUMN roots_expected INTEGER;
ALTER TABLE imports ADD CONSTRAINT imports_roots CHECK (roots_prepared >= 0 AND roots_expected >= 0);
