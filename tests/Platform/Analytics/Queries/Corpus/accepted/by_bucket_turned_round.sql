-- dataset: shop
SELECT 10 * floor(qty / 10), count(*) FROM shop GROUP BY 1
