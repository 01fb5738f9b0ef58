-- dataset: shop, cities
-- code: join_condition
SELECT count(*) FROM shop s JOIN cities c ON left(s.city, 2) = c.city
