-- dataset: shop
-- code: unknown_function
-- fragment: sqrt(qty)
SELECT sum(sqrt(qty)) FROM shop
