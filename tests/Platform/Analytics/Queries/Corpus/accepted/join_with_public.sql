-- dataset: shop, cities
SELECT c.action, count(*) FROM shop s JOIN cities c ON s.city = c.city GROUP BY c.action
