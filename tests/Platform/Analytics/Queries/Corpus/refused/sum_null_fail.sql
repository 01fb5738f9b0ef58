-- dataset: shop
-- code: null_constant
SELECT sum(NULL) FROM shop
