-- dataset: shop
SELECT min(amount) FROM shop
