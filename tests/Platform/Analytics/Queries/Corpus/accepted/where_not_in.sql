-- dataset: shop
SELECT count(*) FROM shop WHERE city NOT IN ('Wien', 'Graz')
