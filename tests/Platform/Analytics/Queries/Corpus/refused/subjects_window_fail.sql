-- dataset: shop
-- code: window_function
SELECT count(*) FROM (SELECT "user", count(*) AS n, row_number() OVER () AS r FROM shop GROUP BY "user")
