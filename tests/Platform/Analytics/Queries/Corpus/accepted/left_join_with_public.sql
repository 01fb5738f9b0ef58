-- dataset: shop, cities
SELECT count(*) FROM shop s LEFT JOIN cities c ON s.city = c.city WHERE c.vip IS NULL
