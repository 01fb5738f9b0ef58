-- dataset: shop
SELECT sum(+qty) FROM shop
