-- dataset: shop
-- code: set_operation
SELECT count(*) FROM shop UNION ALL SELECT count(*) FROM shop
