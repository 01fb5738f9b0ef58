-- dataset: shop
SELECT date_trunc('month', born), count(*) FROM shop GROUP BY 1
