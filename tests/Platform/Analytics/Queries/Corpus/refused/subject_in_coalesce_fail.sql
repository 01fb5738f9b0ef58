-- dataset: shop
-- code: field_not_allowed
SELECT count(DISTINCT coalesce("user", 'x')) FROM shop
