-- dataset: shop
SELECT action, count(*) FROM shop GROUP BY action ORDER BY count(*) DESC LIMIT 2
