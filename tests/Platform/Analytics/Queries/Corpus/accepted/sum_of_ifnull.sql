-- dataset: shop
SELECT sum(ifnull(amount, 0)) FROM shop
