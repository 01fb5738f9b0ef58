-- dataset: shop
-- code: field_not_allowed
SELECT left("user", 3), count(*) FROM shop GROUP BY 1
