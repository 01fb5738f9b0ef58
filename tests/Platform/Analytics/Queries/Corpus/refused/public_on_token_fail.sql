-- dataset: shop, cities
-- code: field_not_allowed
SELECT count(*) FROM shop s JOIN cities c ON s.email = c.city
