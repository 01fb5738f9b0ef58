-- dataset: shop
SELECT sum(qty - 3) FROM shop
