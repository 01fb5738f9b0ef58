-- dataset: shop, cities
-- code: join_condition
SELECT count(*) FROM shop s JOIN cities c USING (city, action)
