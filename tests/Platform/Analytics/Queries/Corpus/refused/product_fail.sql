-- dataset: shop
-- code: unknown_function
SELECT product(qty) FROM shop
