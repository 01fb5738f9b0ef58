-- dataset: shop
SELECT count(*), sum(qty) FROM shop
