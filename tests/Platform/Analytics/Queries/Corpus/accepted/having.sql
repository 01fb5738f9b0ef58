-- dataset: shop
SELECT action, count(*) FROM shop GROUP BY action HAVING count(*) > 100
