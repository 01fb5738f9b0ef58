-- dataset: shop
SELECT count(*) FROM shop WHERE starts_with(city, 'Wi')
