-- dataset: shop
-- code: unknown_function
SELECT sum([1, 2]) FROM shop
