-- dataset: shop
SELECT count(amount) FROM shop
