-- dataset: shop
-- code: unknown_function
SELECT list(city) FROM shop
