-- dataset: shop, cities
-- code: join_condition
SELECT count(*) FROM shop s JOIN cities c ON s."user" = c.city
