-- dataset: shop
-- code: unknown_function
SELECT sum(error('x')) FROM shop
