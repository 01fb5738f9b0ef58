-- dataset: shop
SELECT action, count(*) FROM shop GROUP BY 1
