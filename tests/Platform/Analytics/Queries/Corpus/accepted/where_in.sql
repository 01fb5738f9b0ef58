-- dataset: shop
SELECT count(*) FROM shop WHERE city IN ('Wien', 'Graz')
