-- dataset: shop
-- code: set_operation
SELECT count(*) FROM shop INTERSECT SELECT 1
