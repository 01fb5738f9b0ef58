-- dataset: shop, cities
-- code: join_not_supported
SELECT count(*) FROM shop s FULL JOIN cities c ON s.city = c.city
