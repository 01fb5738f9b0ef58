-- dataset: shop
SELECT count(*) FROM shop WHERE city IS NULL
