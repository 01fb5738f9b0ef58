-- dataset: shop, cities
-- code: join_not_allowed
SELECT count(*) FROM shop s JOIN (SELECT "user", count(*) AS n FROM cities GROUP BY "user") c ON s.city = c.n
