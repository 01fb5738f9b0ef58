-- dataset: shop
-- code: field_not_allowed
SELECT sum(city) FROM shop
