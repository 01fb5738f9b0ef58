-- dataset: shop
SELECT count(*) FROM shop WHERE qty > 1e1
