-- dataset: shop
-- code: subquery
SELECT count(*) FROM shop WHERE qty IN (SELECT 1)
