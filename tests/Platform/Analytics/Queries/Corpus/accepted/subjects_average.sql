-- dataset: shop
SELECT avg(n) FROM (SELECT "user", least(count(*), 20) AS n FROM shop GROUP BY "user")
