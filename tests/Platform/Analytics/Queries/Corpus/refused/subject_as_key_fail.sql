-- dataset: shop
-- code: field_not_allowed
SELECT "user", count(*) FROM shop GROUP BY "user"
