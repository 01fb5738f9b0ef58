-- dataset: shop
SELECT stddev(amount) FROM shop
