-- dataset: shop, cities
-- code: operator_not_allowed
SELECT count(*) FROM shop s JOIN cities c ON s.level = c.city
