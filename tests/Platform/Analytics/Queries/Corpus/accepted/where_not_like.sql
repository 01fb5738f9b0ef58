-- dataset: shop
SELECT count(*) FROM shop WHERE city NOT LIKE 'Wi%'
