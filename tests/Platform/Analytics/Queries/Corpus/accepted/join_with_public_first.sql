-- dataset: shop, cities
SELECT c.action, count(*) FROM cities c JOIN shop s ON c.city = s.city GROUP BY c.action
