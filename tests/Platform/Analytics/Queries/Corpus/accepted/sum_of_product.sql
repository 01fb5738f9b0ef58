-- dataset: shop
SELECT sum(amount * qty) FROM shop
