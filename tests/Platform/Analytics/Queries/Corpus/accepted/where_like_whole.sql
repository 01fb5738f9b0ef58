-- dataset: shop
SELECT count(*) FROM shop WHERE city LIKE 'Wien'
