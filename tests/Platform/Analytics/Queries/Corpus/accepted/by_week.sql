-- dataset: shop
SELECT date_trunc('week', time), count(*) FROM shop GROUP BY 1
