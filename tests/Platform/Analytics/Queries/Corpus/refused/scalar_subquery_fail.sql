-- dataset: shop
-- code: subquery
SELECT (SELECT 1), count(*) FROM shop
