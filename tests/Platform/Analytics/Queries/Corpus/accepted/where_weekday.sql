-- dataset: shop
SELECT count(*) FROM shop WHERE isodow(time) IN (6, 7)
