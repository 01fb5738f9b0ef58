-- dataset: shop
-- code: subquery_aggregate
SELECT avg(n) FROM (SELECT city, count(*) AS n FROM shop GROUP BY city)
