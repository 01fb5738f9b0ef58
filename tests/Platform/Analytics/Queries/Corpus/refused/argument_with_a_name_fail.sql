-- dataset: shop
-- code: unknown_function
SELECT sum(x := amount) FROM shop
