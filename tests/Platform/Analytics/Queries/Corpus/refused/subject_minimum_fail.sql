-- dataset: shop
-- code: field_not_allowed
SELECT min("user") FROM shop
