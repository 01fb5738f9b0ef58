-- dataset: shop
-- code: limit
SELECT action, count(*) FROM shop GROUP BY action LIMIT -1
