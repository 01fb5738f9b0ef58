-- dataset: shop
-- code: unknown_function
SELECT mode(city) FROM shop
