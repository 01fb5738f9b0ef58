-- dataset: shop
SELECT count(city) FROM shop
