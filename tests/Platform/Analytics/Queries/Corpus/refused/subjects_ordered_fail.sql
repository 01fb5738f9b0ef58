-- dataset: shop
-- code: limit
SELECT count(*) FROM (SELECT "user", count(*) AS n FROM shop GROUP BY "user" ORDER BY n LIMIT 5)
