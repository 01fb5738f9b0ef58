-- dataset: shop
SELECT count(*) FROM shop WHERE qty BETWEEN 2 AND 5
