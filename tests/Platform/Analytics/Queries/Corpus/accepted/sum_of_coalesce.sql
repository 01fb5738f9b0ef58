-- dataset: shop
SELECT sum(coalesce(amount, 0)) FROM shop
