-- dataset: shop
SELECT avg(amount) FROM shop
