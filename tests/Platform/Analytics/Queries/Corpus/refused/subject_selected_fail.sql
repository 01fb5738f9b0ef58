-- dataset: shop
-- code: field_not_allowed
SELECT "user" FROM shop
