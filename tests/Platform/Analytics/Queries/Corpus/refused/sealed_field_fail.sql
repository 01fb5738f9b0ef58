-- dataset: shop
-- code: field_not_allowed
SELECT secret, count(*) FROM shop GROUP BY secret
