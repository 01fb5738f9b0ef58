-- dataset: shop
SELECT count(*) FROM shop WHERE left(city, 2) = 'Wi'
