-- dataset: shop
SELECT sum(least(qty, 10)) FROM shop
