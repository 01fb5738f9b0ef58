-- dataset: shop
-- code: field_not_allowed
SELECT sum(level) FROM shop
