-- dataset: shop
SELECT sum(amount) FROM shop
