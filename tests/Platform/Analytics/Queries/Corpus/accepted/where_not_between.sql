-- dataset: shop
SELECT count(*) FROM shop WHERE qty NOT BETWEEN 2 AND 5
