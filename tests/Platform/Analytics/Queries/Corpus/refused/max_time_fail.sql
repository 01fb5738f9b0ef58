-- dataset: shop
-- code: field_not_allowed
SELECT max(time) FROM shop
