-- dataset: shop
-- code: set_operation
SELECT count(*) FROM shop EXCEPT SELECT 1
