-- dataset: shop
SELECT count(DISTINCT city) FROM shop
