-- dataset: shop
-- code: unknown_function
SELECT substr(city, 2, 3), count(*) FROM shop GROUP BY 1
