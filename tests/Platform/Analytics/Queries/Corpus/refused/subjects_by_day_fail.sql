-- dataset: shop
-- code: subquery_aggregate
-- fragment: date_trunc('day', time)
SELECT count(*) FROM (SELECT "user", date_trunc('day', time) AS d, count(*) AS n FROM shop GROUP BY 1, 2) WHERE n > 2
