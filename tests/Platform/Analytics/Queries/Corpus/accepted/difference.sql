-- dataset: shop
SELECT sum(amount) - count(*) FROM shop
