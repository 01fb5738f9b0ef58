-- dataset: shop
SELECT sum(abs(amount)) FROM shop
