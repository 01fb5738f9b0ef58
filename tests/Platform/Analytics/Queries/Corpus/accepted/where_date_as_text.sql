-- dataset: shop
SELECT count(*) FROM shop WHERE born < '1990-01-01'
