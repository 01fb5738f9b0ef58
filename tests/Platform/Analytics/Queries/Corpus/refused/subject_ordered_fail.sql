-- dataset: shop
-- code: field_not_allowed
SELECT action, count(*) FROM shop GROUP BY action ORDER BY "user"
