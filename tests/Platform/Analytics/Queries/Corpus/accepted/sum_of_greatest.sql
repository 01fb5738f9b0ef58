-- dataset: shop
SELECT sum(greatest(amount, 0)) FROM shop
