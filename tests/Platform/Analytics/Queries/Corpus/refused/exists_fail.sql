-- dataset: shop
-- code: subquery
SELECT count(*) FROM shop WHERE EXISTS (SELECT 1)
