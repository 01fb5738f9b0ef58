-- dataset: shop
-- code: field_not_allowed
SELECT max("user") FROM shop
