-- dataset: shop
-- code: subquery_aggregate
SELECT avg(n) FROM (SELECT count(*) AS n FROM shop)
