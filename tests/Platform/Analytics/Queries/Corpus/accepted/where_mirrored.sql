-- dataset: shop
SELECT count(*) FROM shop WHERE 3 < qty
