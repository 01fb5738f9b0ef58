-- dataset: shop
SELECT n, count(*) FROM (SELECT "user", count(*) AS n FROM shop GROUP BY "user") GROUP BY n
