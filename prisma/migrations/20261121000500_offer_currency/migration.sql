-- An amount means nothing without its currency, and a shop can change its own. Null: saved before this was kept, or
-- before the shop's currency was known; a minimum in it counts as unset once the shop has one.
ALTER TABLE offer_settings ADD COLUMN currency TEXT;
