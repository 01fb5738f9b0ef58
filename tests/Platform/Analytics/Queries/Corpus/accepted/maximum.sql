-- dataset: shop
SELECT max(amount) FROM shop
