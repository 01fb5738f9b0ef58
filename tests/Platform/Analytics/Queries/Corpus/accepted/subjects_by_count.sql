-- dataset: shop
SELECT n, count(*) FROM (SELECT "user", least(count(*), 10) AS n FROM shop GROUP BY "user") GROUP BY n
