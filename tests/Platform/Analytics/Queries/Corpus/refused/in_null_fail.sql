-- dataset: shop
-- code: null_constant
SELECT count(*) FROM shop WHERE city IN ('a', NULL)
