-- dataset: shop
-- code: unknown_function
SELECT evil.count(*) FROM shop
