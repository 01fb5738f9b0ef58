-- dataset: shop
-- code: unknown_function
-- fragment: avg(qty)
SELECT avg(m) FROM (SELECT "user", avg(qty) AS m FROM shop GROUP BY "user")
