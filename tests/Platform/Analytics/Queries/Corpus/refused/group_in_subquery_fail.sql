-- dataset: shop
-- code: subquery_aggregate
SELECT count(*) FROM (SELECT city FROM shop GROUP BY city)
