-- dataset: shop
SELECT count(*) FROM (SELECT * FROM shop) s
