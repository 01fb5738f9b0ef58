-- dataset: shop
SELECT substr(city, 1, 3), count(*) FROM shop GROUP BY substr(city, 1, 3)
