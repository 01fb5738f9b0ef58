-- dataset: shop
-- code: unknown_function
SELECT first(city) FROM shop
