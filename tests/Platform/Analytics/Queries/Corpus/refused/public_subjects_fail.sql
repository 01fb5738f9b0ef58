-- dataset: shop, cities
-- code: field_not_allowed
SELECT count(DISTINCT c."user") FROM shop s JOIN cities c ON s.city = c.city
