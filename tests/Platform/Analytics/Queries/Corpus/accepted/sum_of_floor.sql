-- dataset: shop
SELECT sum(floor(amount)) FROM shop
