-- dataset: shop
SELECT count(*) FROM shop WHERE amount < qty
