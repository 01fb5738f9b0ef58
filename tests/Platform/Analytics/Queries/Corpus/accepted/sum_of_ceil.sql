-- dataset: shop
SELECT sum(ceil(amount)) FROM shop
