-- dataset: shop
SELECT count(1) FROM shop
