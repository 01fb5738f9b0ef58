-- dataset: shop
SELECT count(*) FROM shop WHERE amount > 1.50
