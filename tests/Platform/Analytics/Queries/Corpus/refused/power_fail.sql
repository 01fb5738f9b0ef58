-- dataset: shop
-- code: unknown_function
SELECT sum(qty ** 2) FROM shop
