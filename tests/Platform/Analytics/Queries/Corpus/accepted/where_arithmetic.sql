-- dataset: shop
SELECT count(*) FROM shop WHERE amount * 2 > qty
