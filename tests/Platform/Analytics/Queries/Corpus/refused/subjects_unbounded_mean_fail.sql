-- dataset: shop
-- code: range_too_large
-- fragment: n
SELECT avg(n) FROM (SELECT "user", count(*) AS n FROM shop GROUP BY "user")
