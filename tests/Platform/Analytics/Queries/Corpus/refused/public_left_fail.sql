-- dataset: shop, cities
-- code: join_not_allowed
SELECT count(*) FROM cities c LEFT JOIN shop s ON s.city = c.city
