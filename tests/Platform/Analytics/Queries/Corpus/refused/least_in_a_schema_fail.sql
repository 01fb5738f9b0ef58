-- dataset: shop
-- code: unknown_function
SELECT sum(n) FROM (SELECT "user", evil.least(count(*), 20) AS n FROM shop GROUP BY "user")
