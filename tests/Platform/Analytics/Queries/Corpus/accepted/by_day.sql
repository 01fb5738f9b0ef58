-- dataset: shop
SELECT date_trunc('day', time), count(*) FROM shop GROUP BY 1
