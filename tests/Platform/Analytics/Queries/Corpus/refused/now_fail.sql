-- dataset: shop
-- code: unknown_function
SELECT count(*) FROM shop WHERE born < now()
