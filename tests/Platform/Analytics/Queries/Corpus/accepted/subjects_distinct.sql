-- dataset: shop
SELECT avg(c) FROM (SELECT "user", least(count(DISTINCT city), 5) AS c, count(city) FROM shop GROUP BY "user")
