-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM shop WHERE time IS NULL
