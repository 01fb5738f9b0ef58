-- dataset: shop, cities
SELECT count(*) FROM shop s JOIN (SELECT city AS name FROM cities WHERE vip) c ON c.name = s.city AND s.qty > 1
