-- dataset: shop
-- code: unknown_function
SELECT avg(m) FROM (SELECT "user", median(qty) AS m FROM shop GROUP BY "user")
