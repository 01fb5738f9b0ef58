-- dataset: shop
SELECT count(*) FROM shop
