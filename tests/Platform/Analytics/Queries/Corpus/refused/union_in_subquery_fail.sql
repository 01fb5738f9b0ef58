-- dataset: shop
-- code: set_operation
SELECT count(*) FROM (SELECT * FROM shop UNION SELECT * FROM shop)
