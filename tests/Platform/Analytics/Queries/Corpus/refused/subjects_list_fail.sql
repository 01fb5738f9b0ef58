-- dataset: shop
-- code: unknown_function
SELECT count(*) FROM (SELECT "user", list(qty) AS m FROM shop GROUP BY "user") WHERE m IS NOT NULL
