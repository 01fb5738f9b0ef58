-- dataset: shop
SELECT date_trunc('month', time), count(*) FROM shop GROUP BY 1
