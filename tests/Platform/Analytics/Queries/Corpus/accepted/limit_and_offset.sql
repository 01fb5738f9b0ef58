-- dataset: shop
SELECT action, count(*) FROM shop GROUP BY action LIMIT 1 OFFSET 1
