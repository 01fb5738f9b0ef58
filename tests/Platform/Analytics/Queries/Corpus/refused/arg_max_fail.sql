-- dataset: shop
-- code: unknown_function
SELECT arg_max(city, qty) FROM shop
