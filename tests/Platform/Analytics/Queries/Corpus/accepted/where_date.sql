-- dataset: shop
SELECT count(*) FROM shop WHERE born < DATE '1990-01-01'
