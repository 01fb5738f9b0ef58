-- dataset: shop
SELECT avg(least(n, 20)), median(least(n, 20)) FROM (SELECT "user", count(*) AS n FROM shop GROUP BY "user")
