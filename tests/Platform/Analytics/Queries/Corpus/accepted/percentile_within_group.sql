-- dataset: shop
SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY amount) FROM shop
