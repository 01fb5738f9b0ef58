-- dataset: shop
SELECT count(*), count(*) * 2 AS double FROM shop
