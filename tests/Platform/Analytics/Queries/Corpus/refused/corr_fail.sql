-- dataset: shop
-- code: unknown_function
SELECT corr(qty, amount) FROM shop
